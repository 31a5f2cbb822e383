using ChatKit.Wire;

namespace ChatKit.Client.Store;

/// <summary>Keeps everything while the process lives. Entries are not kept here: the message cache has them.</summary>
internal sealed class MemoryClientStore : IClientStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (StoredCommand Command, long Order)> outbox = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Seq, long Order)> positions = new(StringComparer.Ordinal);
    private string? incarnation;
    private long order;

    public ValueTask<ClientSnapshot> LoadAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return ValueTask.FromResult(new ClientSnapshot(
                incarnation,
                [.. positions.OrderBy(p => p.Value.Order).Select(p => new WireCursor(p.Key, p.Value.Seq))],
                [.. outbox.Values.OrderBy(c => c.Order).Select(c => c.Command)]));
        }
    }

    public ValueTask AddAsync(StoredCommand command, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            outbox[command.Frame.Id!] = (command, order++);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            foreach (var id in ids)
            {
                outbox.Remove(id);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask SaveAsync(IReadOnlyList<WireEntry> entries, IReadOnlyList<WireCursor> moved, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            foreach (var cursor in moved)
            {
                positions[cursor.Conversation] = (cursor.Seq, order++);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask WelcomeAsync(string? newIncarnation, bool reset, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            incarnation = newIncarnation;
            if (reset)
            {
                positions.Clear();
            }
        }

        return ValueTask.CompletedTask;
    }
}
