namespace ChatKit.Sessions;

/// <summary>Ends the sessions of revoked devices whose hint was lost (ARCHITECTURE, rule 11): every live device is looked up now and then.</summary>
internal sealed class RevocationSweep(SessionTable sessions, IDeviceDirectory devices)
{
    private const int AtOnce = 1000;

    public static ChatError Revoked { get; } = new(ChatErrorCode.DeviceRevoked, "This device was revoked; sign in with another device id.");

    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        var live = sessions.All.Select(session => session.Device).Distinct().ToList();
        if (devices is IDeviceRevocations revocations)
        {
            foreach (var chunk in live.Chunk(AtOnce))
            {
                End(await revocations.FindRevokedAsync(chunk, cancellationToken).ConfigureAwait(false));
            }

            return;
        }

        foreach (var ofUser in live.GroupBy(device => device.User))
        {
            var listed = await devices.ListAsync(ofUser.Key, cancellationToken).ConfigureAwait(false);
            End([.. listed.Where(device => device.Revoked).Select(device => device.Id)]);
        }
    }

    /// <summary>Ends the sessions of these devices on this node.</summary>
    public void End(IReadOnlyList<DeviceId> revoked)
    {
        foreach (var device in revoked)
        {
            if (sessions.TryGet(device.User, out var found))
            {
                foreach (var session in found)
                {
                    if (session.Device == device)
                    {
                        session.EndWith(Revoked);
                    }
                }
            }
        }
    }
}
