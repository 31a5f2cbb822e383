using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace ChatKit.Storage.LiteDb.Tests;

/// <summary>Works on a store from several lanes until the power goes, and remembers what it was told is accepted.</summary>
internal sealed class Witness
{
    private const int Lanes = 4;
    private readonly ConcurrentDictionary<(ConversationId Conversation, long Seq), string> _accepted = new();
    private readonly ConcurrentDictionary<ConversationId, ConcurrentQueue<AppendRequest>> _asked = new();
    private readonly ConcurrentDictionary<DeviceId, long> _posted = new();
    private readonly ConcurrentDictionary<ConversationId, (long Delivered, long Read)> _marks = new();
    private readonly ConcurrentDictionary<string, long> _states = new(StringComparer.Ordinal);
    private string? _incarnation;
    private int _run;

    public int Accepted => _accepted.Count;

    private static UserId User(int lane) => new($"user-{lane}");

    private static ConversationId Room(int lane) => new($"g_{lane}");

    /// <summary>The body is known from the command, so that an entry that nobody was told of can be judged, too.</summary>
    private static byte[] Body(string command) =>
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(command + ";", 1 + ((command.Length * 37) % 90))));

    /// <summary>Works for some rounds a lane, or until a call fails.</summary>
    /// <returns>The first fault; null when all rounds were done.</returns>
    public async Task<Exception?> WorkAsync(OpenStore store, int rounds, int seed)
    {
        var run = ++_run;
        if (_accepted.IsEmpty)
        {
            _incarnation = (await store.Get<IStoreIdentity>().GetInfoAsync(CancellationToken.None)).Incarnation;
        }

        var faults = await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Run(async () =>
        {
            var random = new Random((seed * 31) + lane);
            try
            {
                for (var round = 0; round < rounds; round++)
                {
                    await RoundAsync(store, lane, $"{run}-{round}", random);
                }

                return null;
            }
            catch (ChatStoreException e)
            {
                return e;
            }
        })));
        return Array.Find(faults, fault => fault is not null);
    }

    /// <summary>Compares the store with what was accepted, and its parts with each other. Throws what xunit throws.</summary>
    public async Task VerifyAsync(OpenStore store)
    {
        var info = await store.Get<IStoreIdentity>().GetInfoAsync(CancellationToken.None);

        // A cut is no restore (rule 12). As long as nobody was told anything, the file may begin anew.
        if (!_accepted.IsEmpty)
        {
            Assert.Equal(_incarnation, info.Incarnation);
        }

        var covered = await FeedAsync(store, info.FeedEnd);
        foreach (var room in Enumerable.Range(0, Lanes).Select(Room))
        {
            var last = await VerifyLogAsync(store, room);
            Assert.Equal(last, covered.GetValueOrDefault(room));
        }

        await VerifyStateAsync(store);
    }

    /// <summary>Everything asked for is asked for again: once each in the log (rule 5).</summary>
    public async Task ResendAsync(OpenStore store)
    {
        foreach (var (room, requests) in _asked)
        {
            foreach (var request in requests)
            {
                var head = (await store.Messages.GetHeadsAsync([room], CancellationToken.None))[0];
                var again = request.MembershipVersion == 0 ? request : request with { MembershipVersion = head?.MembershipVersion ?? 1 };
                var result = (await store.Messages.AppendAsync([again], CancellationToken.None))[0];
                if (result.Outcome is AppendOutcome.Appended or AppendOutcome.Duplicate)
                {
                    _accepted[(room, result.Seq)] = request.Command.Value;
                }
                else
                {
                    Assert.Equal(AppendOutcome.TargetGone, result.Outcome);
                }
            }

            var log = await ReadAsync(store, room);
            Assert.Equal(log.Count, log.Select(entry => entry.Command).Distinct().Count());
            requests.Clear();
        }
    }

    private static async Task<List<LogEntry>> ReadAsync(OpenStore store, ConversationId room, LogView view = LogView.Entries, bool descending = false) =>
        [.. (await store.Messages.ReadAsync([new LogRange(room, 1, long.MaxValue, 10_000, descending, view)], CancellationToken.None))[0]];

    /// <summary>The feed covers each log once, in order and without a gap; returns how far.</summary>
    private static async Task<Dictionary<ConversationId, long>> FeedAsync(OpenStore store, long end)
    {
        var covered = new Dictionary<ConversationId, long>();
        var page = await store.Messages.ReadFeedAsync(0, 10_000, CancellationToken.None);
        var position = 0L;
        foreach (var item in page.Items)
        {
            Assert.True(item.Position > position, "the feed goes back");
            position = item.Position;
            Assert.Equal(covered.GetValueOrDefault(item.Conversation) + 1, item.From);
            covered[item.Conversation] = item.To;
        }

        Assert.Equal(end, position);
        return covered;
    }

    private async Task RoundAsync(OpenStore store, int lane, string name, Random random)
    {
        var room = Room(lane);
        var head = (await store.Messages.GetHeadsAsync([room], CancellationToken.None))[0];
        AppendRequest[] batch = head is null
            ? [Request(lane, "creation", EntryKind.Membership, version: 0)]
            : [.. Enumerable.Range(0, random.Next(1, 8)).Select(k => Next(lane, $"{name}-{k}", head, random))];
        var asked = _asked.GetOrAdd(room, _ => new());
        foreach (var request in batch)
        {
            asked.Enqueue(request);
        }

        var results = await store.Messages.AppendAsync(batch, CancellationToken.None);
        for (var i = 0; i < batch.Length; i++)
        {
            if (results[i].Outcome is AppendOutcome.Appended or AppendOutcome.Duplicate)
            {
                _accepted[(room, results[i].Seq)] = batch[i].Command.Value;
            }
        }

        var last = results.Max(result => result.Seq);
        var device = new DeviceId(User(lane), "phone");
        switch (random.Next(4))
        {
            case 0 when last > 0:
                await store.Get<IReceiptStore>().AdvanceAsync([new Receipt(room, User(lane), last, last - 1)], CancellationToken.None);
                _marks[room] = (last, last - 1);
                break;
            case 1 when last > 0:
                await store.Get<IRelayQueue>().AdvanceAsync([new DeviceCursor(device, room, last)], CancellationToken.None);
                _posted[device] = last;
                break;
            case 2:
                var versions = await store.Get<IUserStateStore>().PutAsync([new UserStateRow(User(lane), name, Body(name))], CancellationToken.None);
                _states[$"{User(lane).Value} {name}"] = versions[0];
                break;
        }
    }

    private static AppendRequest Next(int lane, string name, LogHead head, Random random)
    {
        var kind = random.Next(8) switch { 0 => EntryKind.Edit, 1 => EntryKind.Deletion, _ => EntryKind.Message };
        return Request(lane, name, kind, head.MembershipVersion) with
        {
            Header = new EntryHeader
            {
                Kind = kind,
                Counts = kind == EntryKind.Message,
                Target = kind == EntryKind.Message ? null : random.NextInt64(1, head.LastSeq + 1),
            },
        };
    }

    private static AppendRequest Request(int lane, string command, EntryKind kind, long version) => new()
    {
        Conversation = Room(lane),
        Sender = User(lane),
        Command = new CommandId(command),
        PayloadHash = 1,
        MembershipVersion = version,
        Header = new EntryHeader { Kind = kind, Counts = kind == EntryKind.Message },
        Body = Body(command),
    };

    private async Task<long> VerifyLogAsync(OpenStore store, ConversationId room)
    {
        var log = await ReadAsync(store, room);
        Assert.Equal(Enumerable.Range(1, log.Count).Select(n => (long)n), log.Select(entry => entry.Seq));
        Assert.Equal(log.Select(entry => entry.Seq).Reverse(), (await ReadAsync(store, room, descending: true)).Select(entry => entry.Seq));
        foreach (var ((_, seq), command) in _accepted.Where(pair => pair.Key.Conversation == room))
        {
            Assert.True(seq <= log.Count, string.Create(CultureInfo.InvariantCulture, $"accepted entry {seq} of {room} is lost; the log ends at {log.Count}"));
            Assert.Equal(command, log[(int)seq - 1].Command.Value);
        }

        // An entry's index and the entry agree: its command is known, at its Seq.
        var deleted = log.Where(entry => entry.Header.Kind == EntryKind.Deletion).Select(entry => entry.Header.Target!.Value).ToHashSet();
        var edits = log.Where(entry => entry.Header.Kind == EntryKind.Edit).ToLookup(entry => entry.Header.Target!.Value);
        foreach (var entry in log)
        {
            var gone = deleted.Contains(entry.Header.Kind == EntryKind.Edit ? entry.Header.Target!.Value : entry.Seq);
            Assert.Equal(gone, entry.Erased);
            Assert.Equal(gone ? [] : Body(entry.Command.Value), entry.Body.ToArray());
        }

        foreach (var message in await ReadAsync(store, room, LogView.Messages))
        {
            var state = edits[message.Seq].LastOrDefault()?.Command.Value ?? log[(int)message.Seq - 1].Command.Value;
            Assert.Equal(message.Erased ? [] : Body(state), message.Body.ToArray());
        }

        var head = (await store.Messages.GetHeadsAsync([room], CancellationToken.None))[0];
        Assert.Equal(log.Count, head?.LastSeq ?? 0);
        Assert.Equal(log.LastOrDefault(entry => entry.Header.Kind == EntryKind.Message)?.Seq ?? 0, head?.LastMessageSeq ?? 0);
        Assert.Equal(log.Count(entry => entry.Header.Counts && !entry.Erased), (await store.Messages.CountAsync([new LogSpan(room, 0, long.MaxValue)], CancellationToken.None))[0]);
        return log.Count;
    }

    private async Task VerifyStateAsync(OpenStore store)
    {
        for (var lane = 0; lane < Lanes; lane++)
        {
            var marks = (await store.Get<IReceiptStore>().GetForUserAsync(User(lane), [Room(lane)], CancellationToken.None))[0];
            var (delivered, read) = _marks.GetValueOrDefault(Room(lane));
            Assert.True(marks.Delivered >= delivered && marks.Read >= read, $"a mark of {Room(lane)} is lost");
            var device = new DeviceId(User(lane), "phone");
            var cursors = await store.Get<IRelayQueue>().GetCursorsAsync(device, CancellationToken.None);
            Assert.True((cursors.Count == 0 ? 0 : cursors[0].Delivered) >= _posted.GetValueOrDefault(device), $"the cursor of {device} is lost");

            // By the index of changes and by key: the same rows.
            var changes = await store.Get<IUserStateStore>().ReadChangesAsync(User(lane), 0, 1_000, CancellationToken.None);
            foreach (var (key, version) in _states.Where(pair => pair.Key.StartsWith(User(lane).Value + " ", StringComparison.Ordinal)))
            {
                Assert.Contains(changes, row => row.Key == key.Split(' ')[1] && row.Version == version);
            }

            foreach (var row in changes)
            {
                Assert.Equal(row.Version, (await store.Get<IUserStateStore>().GetAsync(User(lane), [row.Key], CancellationToken.None))[0]?.Version);
            }
        }
    }
}
