namespace ChatKit.Client.Store;

/// <summary>Keeps everything while the process lives.</summary>
internal sealed class MemoryClientStore : IClientStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, ReadOnlyMemory<byte>> records = new(StringComparer.Ordinal);

    public ValueTask<IReadOnlyList<ClientRecord>> LoadAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return ValueTask.FromResult<IReadOnlyList<ClientRecord>>([.. records.Select(static r => new ClientRecord(r.Key, r.Value))]);
        }
    }

    public ValueTask WriteAsync(IReadOnlyList<ClientRecord> changes, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            foreach (var (key, value) in changes)
            {
                if (value is { } bytes)
                {
                    records[key] = bytes.ToArray();
                }
                else
                {
                    records.Remove(key);
                }
            }
        }

        return ValueTask.CompletedTask;
    }
}
