using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatKit.Delivery;

/// <summary>Collects moves of cursors, stores them as one batch, and only then shows them to others (ARCHITECTURE, rule 8).</summary>
internal sealed class ReceiptService : IAsyncDisposable
{
    private const int PublishedLimit = 200_000;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private readonly Lock gate = new();
    private readonly SemaphoreSlim flushing = new(1, 1);
    private readonly ConcurrentDictionary<(ConversationId, UserId), Receipt> published = new();
    private readonly IRelayQueue relay;
    private readonly IReceiptStore store;
    private readonly Dispatcher dispatcher;
    private readonly Groups.MembershipService memberships;
    private readonly ILogger logger;
    private readonly TimeSpan interval;
    private readonly ITimer timer;
    private Dictionary<(ConversationId, UserId), Receipt> marks = [];
    private Dictionary<(DeviceId, ConversationId), long> cursors = [];
    private Dictionary<(ConversationId, UserId), Receipt> markFlush = [];
    private Dictionary<(DeviceId, ConversationId), long> cursorFlush = [];
    private bool armed;
    private bool stopped;

    public ReceiptService(
        IRelayQueue relay, IReceiptStore store, Dispatcher dispatcher, Groups.MembershipService memberships,
        TimeProvider time, IOptions<ChatKitOptions> options, ILogger<ReceiptService> logger)
    {
        this.relay = relay;
        this.store = store;
        this.dispatcher = dispatcher;
        this.memberships = memberships;
        this.logger = logger;
        interval = options.Value.ReceiptFlushInterval;
        timer = time.CreateTimer(_ => _ = FlushAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Moves a user's marks forward; 0 leaves a mark alone. Read up to n is delivered up to n.</summary>
    public void Move(ConversationId conversation, UserId user, long delivered, long read)
    {
        var key = (conversation, user);
        var move = new Receipt(conversation, user, Math.Max(delivered, read), read);
        lock (gate)
        {
            marks[key] = marks.TryGetValue(key, out var old) ? Merge(old, move) : move;
            Arm(interval);
        }
    }

    /// <summary>A device has persisted everything up to <paramref name="seq"/>.</summary>
    public void MoveDevice(DeviceId device, ConversationId conversation, long seq)
    {
        var key = (device, conversation);
        lock (gate)
        {
            cursors[key] = Math.Max(cursors.GetValueOrDefault(key), seq);
            Arm(interval);
        }

        Move(conversation, device.User, seq, 0);
    }

    /// <summary>Stored marks with the moves that wait for the flush: what the user himself is told.</summary>
    public Receipt WithPending(Receipt stored)
    {
        var key = (stored.Conversation, stored.User);
        lock (gate)
        {
            if (markFlush.TryGetValue(key, out var flush))
            {
                stored = Merge(stored, flush);
            }

            if (marks.TryGetValue(key, out var move))
            {
                stored = Merge(stored, move);
            }
        }

        // A flush may have ended since the stored mark was read.
        return published.TryGetValue(key, out var shown) ? Merge(stored, shown) : stored;
    }

    /// <summary>A device's stored cursors with the moves that wait for the flush.</summary>
    public async ValueTask<Dictionary<ConversationId, long>> GetCursorsAsync(DeviceId device, CancellationToken cancellationToken)
    {
        // The pending ones first: a flush that ends in between has stored them.
        var pending = new List<(ConversationId Conversation, long Seq)>();
        lock (gate)
        {
            foreach (var ((owner, conversation), seq) in cursorFlush.Concat(cursors))
            {
                if (owner == device)
                {
                    pending.Add((conversation, seq));
                }
            }
        }

        var stored = await relay.GetCursorsAsync(device, cancellationToken).ConfigureAwait(false);
        var result = new Dictionary<ConversationId, long>(stored.Count + pending.Count);
        foreach (var cursor in stored)
        {
            result[cursor.Conversation] = cursor.Delivered;
        }

        foreach (var (conversation, seq) in pending)
        {
            result[conversation] = Math.Max(seq, result.GetValueOrDefault(conversation));
        }

        return result;
    }

    /// <summary>Drops the pending moves of a device that starts anew.</summary>
    public void Forget(DeviceId device)
    {
        lock (gate)
        {
            foreach (var key in cursors.Keys.Where(key => key.Item1 == device).ToList())
            {
                cursors.Remove(key);
            }
        }
    }

    /// <summary>Stores what was collected and shows it. Failures keep it for the next time.</summary>
    /// <returns>Whether everything collected before the call is stored.</returns>
    public async Task<bool> FlushAsync()
    {
        await flushing.WaitAsync().ConfigureAwait(false);
        try
        {
            lock (gate)
            {
                armed = false;
                (markFlush, marks) = (marks, markFlush);
                (cursorFlush, cursors) = (cursors, cursorFlush);
            }

            return (markFlush.Count == 0 && cursorFlush.Count == 0) || await StoreAsync().ConfigureAwait(false);
        }
        finally
        {
            flushing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            if (stopped)
            {
                return;
            }

            stopped = true;
        }

        await timer.DisposeAsync().ConfigureAwait(false);
        await FlushAsync().ConfigureAwait(false);
        flushing.Dispose();
    }

    private async Task<bool> StoreAsync()
    {
        try
        {
            // Marks first: what a device restates beyond its stored cursor moves both again; a cursor stored without its mark would leave the mark behind for ever.
            if (markFlush.Count > 0)
            {
                await store.AdvanceAsync([.. markFlush.Values], CancellationToken.None).ConfigureAwait(false);
            }

            if (cursorFlush.Count > 0)
            {
                await relay.AdvanceAsync(
                    [.. cursorFlush.Select(pair => new DeviceCursor(pair.Key.Item1, pair.Key.Item2, pair.Value))], CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // Nothing was shown yet; kept and tried again, and devices restate their cursors when they connect.
            DeliveryLog.FlushFailed(logger, markFlush.Count + cursorFlush.Count, exception);
            lock (gate)
            {
                foreach (var (key, mark) in markFlush)
                {
                    marks[key] = marks.TryGetValue(key, out var newer) ? Merge(mark, newer) : mark;
                }

                foreach (var (key, seq) in cursorFlush)
                {
                    cursors[key] = Math.Max(cursors.GetValueOrDefault(key), seq);
                }

                markFlush.Clear();
                cursorFlush.Clear();
                Arm(RetryDelay);
            }

            return false;
        }

        Show();
        lock (gate)
        {
            markFlush.Clear();
            cursorFlush.Clear();
        }

        return true;
    }

    private void Show()
    {
        if (published.Count > PublishedLimit)
        {
            published.Clear(); // Only saves events that say nothing new; receivers take the higher mark.
        }

        foreach (var group in markFlush.Values.GroupBy(mark => mark.Conversation))
        {
            var news = new List<Receipt>();
            foreach (var mark in group)
            {
                var before = published.GetValueOrDefault((mark.Conversation, mark.User), mark with { Delivered = 0, Read = 0 });
                var merged = Merge(before, mark);
                if (merged != before)
                {
                    published[(mark.Conversation, mark.User)] = merged;
                    news.Add(merged);
                }
            }

            if (news.Count > 0)
            {
                dispatcher.Enqueue(new ReceiptsMoved(group.Key, memberships.TryGetCached(group.Key)?.Version ?? 0, news));
            }
        }
    }

    private void Arm(TimeSpan delay)
    {
        if (!armed && !stopped)
        {
            armed = true;
            timer.Change(delay, Timeout.InfiniteTimeSpan);
        }
    }

    private static Receipt Merge(Receipt one, Receipt other) =>
        one with { Delivered = Math.Max(one.Delivered, other.Delivered), Read = Math.Max(one.Read, other.Read) };
}
