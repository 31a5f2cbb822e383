namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>Does not look whether an envelope was posted before.</summary>
internal sealed class RepeatingMailbox(IDeviceMailbox inner) : IDeviceMailbox
{
    private readonly Dictionary<CommandId, CommandId> _ids = [];

    public ValueTask PostAsync(IReadOnlyList<MailboxEnvelope> envelopes, CancellationToken cancellationToken) =>
        inner.PostAsync([.. envelopes.Select(envelope => envelope with { Id = Fresh(envelope.Id) })], cancellationToken);

    public async ValueTask<IReadOnlyList<MailboxEnvelope>> ReadAsync(DeviceId device, long after, int limit, CancellationToken cancellationToken) =>
        [.. (await inner.ReadAsync(device, after, limit, cancellationToken)).Select(envelope => envelope with { Id = Original(envelope.Id) })];

    public ValueTask RemoveAsync(DeviceId device, long through, CancellationToken cancellationToken) => inner.RemoveAsync(device, through, cancellationToken);

    private CommandId Fresh(CommandId id)
    {
        var fresh = CommandId.New();
        lock (_ids)
        {
            _ids[fresh] = id;
        }

        return fresh;
    }

    private CommandId Original(CommandId id)
    {
        lock (_ids)
        {
            return _ids[id];
        }
    }
}
