namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>Forgets revoked devices like any other: they register anew, and so come back.</summary>
internal sealed class ForgivingDirectory(Func<IDeviceDirectory> create) : IDeviceDirectory
{
    private readonly IDeviceDirectory _seen = create();
    private readonly HashSet<DeviceId> _revoked = [];

    public async ValueTask<DeviceState> TouchAsync(DeviceId device, DateTimeOffset seenAt, CancellationToken cancellationToken)
    {
        var state = await _seen.TouchAsync(device, seenAt, cancellationToken);
        lock (_revoked)
        {
            return _revoked.Contains(device) ? DeviceState.Revoked : state;
        }
    }

    public async ValueTask<IReadOnlyList<Device>> ListAsync(UserId user, CancellationToken cancellationToken)
    {
        var devices = await _seen.ListAsync(user, cancellationToken);
        lock (_revoked)
        {
            return [.. devices.Select(device => device with { Revoked = _revoked.Contains(device.Id) })];
        }
    }

    public async ValueTask RevokeAsync(DeviceId device, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if ((await _seen.ListAsync(device.User, cancellationToken)).All(known => known.Id != device))
        {
            await _seen.TouchAsync(device, at, cancellationToken);
        }

        lock (_revoked)
        {
            _revoked.Add(device);
        }
    }

    public async ValueTask<IReadOnlyList<DeviceId>> ForgetAsync(DateTimeOffset unseenSince, int limit, CancellationToken cancellationToken)
    {
        var forgotten = await _seen.ForgetAsync(unseenSince, limit, cancellationToken);
        lock (_revoked)
        {
            _revoked.ExceptWith(forgotten);
        }

        return forgotten;
    }
}
