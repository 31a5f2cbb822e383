using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChatKit.Wire;

namespace ChatKit.Client.Store;

/// <summary>Translates between a client and its store: which keys there are and what is in them, and in which order changes get there.</summary>
internal sealed class Keeper(IClientStore store, Lock gate, Unsaved unsaved) : IDisposable
{
    private const int Format = 1;
    private const int StaleAtOnce = 1000;

    /// <summary>Which client has which store: two on one would each undo what the other does.</summary>
    private static readonly ConditionalWeakTable<IClientStore, Keeper> Owners = [];

    private readonly SemaphoreSlim saving = new(1, 1);
    private readonly Queue<string> stale = [];
    private StoredClient client = new(Format, null, null, 0);
    private long moves;

    public void Dispose()
    {
        lock (Owners)
        {
            if (Owners.TryGetValue(store, out var owner) && owner == this)
            {
                Owners.Remove(store);
            }
        }
    }

    public async Task<ClientSnapshot> LoadAsync(CancellationToken cancellationToken)
    {
        Claim();
        var records = await store.LoadAsync(cancellationToken);
        if (records.FirstOrDefault(static r => r.Key == Unsaved.ClientKey) is { Value: { } own })
        {
            client = Read(Unsaved.ClientKey, own, StoreJson.Default.StoredClient);
            if (client.Format > Format)
            {
                throw new ClientStoreException(ClientStoreFault.NewerVersion, "The store was written by a later version of ChatKit.Client: update the app.");
            }
        }

        var kept = Sort(records);
        lock (gate)
        {
            unsaved.Generation = client.Generation;
            unsaved.FirstOrder = kept.Commands.Count == 0 ? 0 : kept.Commands[^1].Order;
        }

        return kept with { Commands = [.. kept.Commands.Select(c => c with { Order = c.Order - kept.Commands[^1].Order })] };
    }

    /// <summary>Keeps a command; when this returns it may be sent.</summary>
    /// <param name="command">The command.</param>
    /// <param name="ordinal">Its place among those of this process, from 1 on.</param>
    public async ValueTask AddAsync(StoredCommand command, long ordinal)
    {
        var kept = command with { Order = unsaved.FirstOrder + ordinal };
        await store.WriteAsync(
            [new ClientRecord(Unsaved.Command(command.Frame.Id!), JsonSerializer.SerializeToUtf8Bytes(kept, StoreJson.Default.StoredCommand))],
            CancellationToken.None);
    }

    /// <summary>Keeps positions together with all that is unsaved; the entries they cover are among it.</summary>
    public async ValueTask SaveAsync(IReadOnlyCollection<KeyValuePair<string, long>> positions, CancellationToken cancellationToken)
    {
        await saving.WaitAsync(cancellationToken);
        try
        {
            IReadOnlyList<ClientRecord> changes;
            lock (gate)
            {
                foreach (var (conversation, seq) in positions)
                {
                    unsaved.Put(unsaved.Position(conversation), new StoredPosition(seq, ++moves), StoreJson.Default.StoredPosition);
                }

                changes = unsaved.Take();
            }

            await WriteAsync(changes);
        }
        finally
        {
            saving.Release();
        }
    }

    /// <summary>Keeps all that is unsaved.</summary>
    public ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (unsaved.Count == 0)
            {
                return ValueTask.CompletedTask;
            }
        }

        return SaveAsync([], cancellationToken);
    }

    /// <summary>Keeps who is signed in and what the server's store is, with all that is unsaved.</summary>
    /// <param name="user">The user.</param>
    /// <param name="incarnation">The incarnation.</param>
    /// <param name="forgotten">On a reset: the keys of all positions, messages and read marks there are, which are forgotten at once; else null.</param>
    /// <param name="cancellationToken">Cancels the waiting for an earlier change.</param>
    public async ValueTask WelcomeAsync(UserId user, string? incarnation, IReadOnlyList<string>? forgotten, CancellationToken cancellationToken)
    {
        await saving.WaitAsync(cancellationToken);
        try
        {
            var now = new StoredClient(Format, user.Value, incarnation, client.Generation + (forgotten is null ? 0 : 1));
            IReadOnlyList<ClientRecord> changes;
            lock (gate)
            {
                if (now != client)
                {
                    unsaved.Put(Unsaved.ClientKey, now, StoreJson.Default.StoredClient);
                }

                changes = unsaved.Take();
            }

            await WriteAsync(changes);
            client = now;
            lock (gate)
            {
                unsaved.Generation = now.Generation;
            }

            AddStale(forgotten ?? []);

            await ForgetStaleAsync();
        }
        finally
        {
            saving.Release();
        }
    }

    /// <summary>Records that are forgotten already; the next welcome removes them.</summary>
    public void AddStale(IEnumerable<string> keys)
    {
        foreach (var key in keys)
        {
            stale.Enqueue(key);
        }
    }

    private async Task ForgetStaleAsync()
    {
        while (stale.Count > 0)
        {
            ClientRecord[] some = [.. stale.Take(StaleAtOnce).Select(static key => new ClientRecord(key, null))];
            await store.WriteAsync(some, CancellationToken.None);
            foreach (var _ in some)
            {
                stale.Dequeue();
            }
        }
    }

    private async Task WriteAsync(IReadOnlyList<ClientRecord> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        try
        {
            await store.WriteAsync(changes, CancellationToken.None);
        }
        catch
        {
            lock (gate)
            {
                unsaved.Return(changes);
            }

            throw;
        }
    }

    private void Claim()
    {
        lock (Owners)
        {
            if (Owners.TryGetValue(store, out var owner) && owner != this)
            {
                throw new ClientStoreException(ClientStoreFault.InUse, "Another ChatClient of this process uses the store: dispose it first, or give each a store of its own.");
            }

            Owners.AddOrUpdate(store, this);
        }
    }

    private ClientSnapshot Sort(IReadOnlyList<ClientRecord> records)
    {
        var positions = new List<(WireCursor Cursor, long Moved)>();
        var marks = new List<WireCursor>();
        var messages = new List<WireEntry>();
        var directs = new List<(string, string)>();
        var commands = new List<StoredCommand>();
        foreach (var (key, value) in records)
        {
            if (value is not { } bytes || key.Length < 2 || key[1] != '/')
            {
                continue;
            }

            var rest = key[2..];
            switch (key[0])
            {
                case 'c':
                    commands.Add(Read(key, bytes, StoreJson.Default.StoredCommand));
                    break;
                case 'd':
                    directs.Add((rest, Read(key, bytes, StoreJson.Default.String)));
                    break;
                case 'p' when Current(key, rest) is { } conversation:
                    var position = Read(key, bytes, StoreJson.Default.StoredPosition);
                    positions.Add((new WireCursor(conversation, position.Seq), position.Moved));
                    break;
                case 'r' when Current(key, rest) is { } conversation:
                    marks.Add(new WireCursor(conversation, Read(key, bytes, StoreJson.Default.Int64)));
                    break;
                case 'm' when Current(key, rest) is not null:
                    messages.Add(Read(key, bytes, StoreJson.Default.WireEntry));
                    break;
            }
        }

        moves = positions.Count == 0 ? 0 : positions.Max(static p => p.Moved);
        return new ClientSnapshot(
            client.User,
            client.Incarnation,
            [.. positions.OrderBy(static p => p.Moved).Select(static p => p.Cursor)],
            marks,
            messages,
            directs,
            [.. commands.OrderBy(static c => c.Order)]);
    }

    /// <summary>What follows the generation in a key; null when that is not the present one.</summary>
    private string? Current(string key, string rest)
    {
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0 && long.TryParse(rest.AsSpan(0, slash), out var generation) && generation == client.Generation)
        {
            return rest[(slash + 1)..];
        }

        stale.Enqueue(key);
        return null;
    }

    private static T Read<T>(string key, ReadOnlyMemory<byte> value, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(value.Span, type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new ClientStoreException(ClientStoreFault.Damaged,
                $"The store gave back another value of {key} than it was given. Give the client an empty store: it loads conversations anew.", e);
        }
    }
}
