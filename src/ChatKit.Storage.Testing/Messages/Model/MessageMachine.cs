using ChatKit.Storage.Testing.Sequences;
using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing.Messages.Model;

/// <summary>Drives a message store beside a model of its logs and its feed.</summary>
internal sealed class MessageMachine : Machine
{
    private static readonly TimeSpan Precision = TimeSpan.FromMilliseconds(1);

    private readonly Func<IMessageStore> _store;
    private readonly Func<ILogRetention>? _retention;
    private readonly Func<Task>? _reopen;
    private readonly SettableClock? _clock;
    private readonly FeedFollower _feed;
    private readonly ModelLog[] _logs;
    private readonly RequestMaker _requests;

    /// <param name="store">The store, also after it was opened again.</param>
    /// <param name="retention">Trims, where the store can.</param>
    /// <param name="reopen">Opens the store again, where it is durable.</param>
    /// <param name="clock">The store's clock, where it goes by the test's.</param>
    /// <param name="feed">Follows the store's feed over all runs.</param>
    public MessageMachine(Func<IMessageStore> store, Func<ILogRetention>? retention, Func<Task>? reopen, SettableClock? clock, FeedFollower feed)
    {
        (_store, _retention, _reopen, _clock, _feed) = (store, retention, reopen, clock, feed);
        string[] tenants = ["", "acme", ""];
        _logs = [.. tenants.Select((tenant, n) => new ModelLog(new ConversationId($"c{(n < 2 ? "" : "2")}-{Run}", tenant)))];
        _requests = new RequestMaker(Run);
        _feed.Forget();
    }

    protected override IReadOnlyList<Move> Moves =>
    [
        new(50, AppendAsync), new(10, ReadAsync), new(10, CountAsync), new(4, _ => HeadsAsync()), new(6, FollowAsync),
        new(_retention is null ? 0 : 5, TrimAsync), new(_clock is null ? 0 : 5, MoveClockAsync), new(_reopen is null ? 0 : 2, ReopenAsync),
    ];

    protected override async Task CheckAllAsync()
    {
        await HeadsAsync();
        foreach (var log in _logs)
        {
            foreach (var view in new[] { LogView.Entries, LogView.Messages })
            {
                await CompareAsync([new LogRange(log.Id, 1, long.MaxValue, 10_000, View: view)]);
            }

            await CompareAsync([.. Enumerable.Range(0, (int)log.LastSeq + 1).Select(after => new LogSpan(log.Id, after, long.MaxValue))]);
        }

        await _feed.ReadToEndAsync(_store(), 10_000);
    }

    private ModelLog Of(ConversationId id) => _logs.Single(log => log.Id == id);

    private async Task AppendAsync(Dice dice)
    {
        var count = 1 + (dice.OnceIn(2) ? dice.Next(6) : 0);
        var now = _clock?.GetUtcNow();
        List<AppendRequest> batch = [];
        List<(AppendResult Expected, ModelEntry? Entry)> expected = [];
        Tell("append");
        var stored = new Dictionary<ModelLog, (long From, long To)>();
        for (var n = 0; n < count; n++)
        {
            var request = _requests.Make(_logs[dice.Pick(0, 0, 0, 1, 2)], dice);
            var log = Of(request.Conversation);
            Add($"{(n == 0 ? "" : "; ")}{_requests.Describe(request)}", " ");
            batch.Add(request);
            var judged = log.Append(request);
            if (judged is { Expected.Outcome: AppendOutcome.Appended, Entry: { } entry })
            {
                stored[log] = (stored.TryGetValue(log, out var range) ? range.From : entry.Seq, entry.Seq);
            }

            expected.Add(judged);
        }

        var results = await _store().AppendAsync(batch, Token);
        Add(string.Join(", ", results.Select(result => result.Seq > 0 ? $"{result.Outcome} {result.Seq}" : $"{result.Outcome}")));
        Same(batch.Count, results.Count, "The number of results");
        for (var n = 0; n < results.Count; n++)
        {
            var (should, entry) = expected[n];
            if (entry is not null && entry.AcceptedAt == default)
            {
                CheckAcceptedAt(Of(batch[n].Conversation), entry, results[n].AcceptedAt, now);
                entry.AcceptedAt = results[n].AcceptedAt;
            }

            Same(should with { AcceptedAt = entry?.AcceptedAt ?? default }, results[n], $"Item {n + 1} of the batch");
        }

        _feed.Expect(stored.Select(pair => new FeedItem(0, pair.Key.Id, pair.Value.From, pair.Value.To, pair.Key.MembershipVersion)));
    }

    /// <summary>Rule 16: AcceptedAt = max(store's clock, previous entry's).</summary>
    private static void CheckAcceptedAt(ModelLog log, ModelEntry entry, DateTimeOffset acceptedAt, DateTimeOffset? now)
    {
        var previous = entry.Seq == 1 ? DateTimeOffset.MinValue : log.Entries[(int)entry.Seq - 2].AcceptedAt;
        Assert.True(acceptedAt >= previous, $"Entry {entry.Seq} was accepted at {acceptedAt:O}, before the previous one at {previous:O}.");
        if (now is { } clock)
        {
            var due = clock > previous ? clock : previous;
            Assert.True((acceptedAt - due).Duration() <= Precision, $"Entry {entry.Seq} was accepted at {acceptedAt:O}; the clock says {clock:O}, the previous entry {previous:O}.");
        }
    }

    private async Task ReadAsync(Dice dice)
    {
        LogRange[] ranges = [.. Enumerable.Range(0, 1 + (dice.OnceIn(3) ? dice.Next(3) : 0)).Select(_ =>
        {
            var log = _logs[dice.Next(_logs.Length)];
            var view = dice.Pick(LogView.Entries, LogView.Messages);
            var (from, to) = (dice.OnceIn(2) ? Place(log, dice) : 1, dice.OnceIn(2) ? Place(log, dice) : long.MaxValue);
            return new LogRange(log.Id, from, to, dice.OnceIn(2) ? 1 + dice.Next(9) : 10_000, dice.OnceIn(2), view);
        })];
        Tell($"read {string.Join("; ", ranges)}");
        await CompareAsync(ranges);
    }

    private async Task CountAsync(Dice dice)
    {
        LogSpan[] spans = [.. Enumerable.Range(0, 1 + (dice.OnceIn(3) ? dice.Next(3) : 0)).Select(_ =>
        {
            var log = _logs[dice.Next(_logs.Length)];
            return new LogSpan(log.Id, dice.OnceIn(2) ? Place(log, dice) : 0, dice.OnceIn(2) ? Place(log, dice) : long.MaxValue);
        })];
        Tell($"count {string.Join("; ", spans)}");
        await CompareAsync(spans);
    }

    private async Task HeadsAsync()
    {
        var heads = await _store().GetHeadsAsync([.. _logs.Select(log => log.Id)], Token);
        SameLines(_logs.Select(log => $"{log.Id}: {log.Head()}"), _logs.Zip(heads, (log, head) => $"{log.Id}: {head}"), "The heads");
    }

    private async Task FollowAsync(Dice dice)
    {
        Tell($"follow the feed {1 + dice.Next(4)} rows at a time");
        await _feed.ReadToEndAsync(_store(), 1 + dice.Next(4));
    }

    private async Task TrimAsync(Dice dice)
    {
        var log = _logs[dice.Next(_logs.Length)];
        var through = dice.OnceIn(10) ? long.MaxValue : log.TrimmedTo + dice.Next(4);
        Tell($"trim {log.Id} through {through}");
        log.Trim(through);
        await _retention!().TrimAsync(log.Id, through, Token);
    }

    private Task MoveClockAsync(Dice dice)
    {
        var by = TimeSpan.FromMilliseconds((dice.OnceIn(3) ? -1 : 1) * dice.Next(5_000));
        Tell($"move the clock by {by}");
        _clock!.Move(by);
        return Task.CompletedTask;
    }

    private Task ReopenAsync(Dice dice)
    {
        Tell("open the store again");
        return _reopen!();
    }

    private static long Place(ModelLog log, Dice dice) =>
        dice.OnceIn(12) ? dice.Pick(long.MinValue, -1, long.MaxValue, long.MaxValue - 1) : dice.Next((int)log.LastSeq + 3);

    private async Task CompareAsync(LogRange[] ranges)
    {
        var answers = await _store().ReadAsync(ranges, Token);
        Same(ranges.Length, answers.Count, "The number of answers");
        foreach (var (range, answer) in ranges.Zip(answers))
        {
            SameLines(Of(range.Conversation).Read(range).Select(entry => entry.Describe(range.View)), answer.Select(ModelEntry.Describe), $"{range}");
            Assert.All(answer, entry => Same(range.Conversation, entry.Conversation, "The conversation of an entry"));
        }
    }

    private async Task CompareAsync(LogSpan[] spans)
    {
        var counts = await _store().CountAsync(spans, Token);
        SameLines(
            spans.Select(span => $"{span}: {Of(span.Conversation).Count(span.After, span.To)}"),
            spans.Zip(counts, (span, count) => $"{span}: {count}"), "The counts");
    }
}
