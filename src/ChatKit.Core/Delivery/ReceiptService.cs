using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatKit.Delivery;

/// <summary>Collects moves of cursors, stores them as one batch, and only then shows them to others (ARCHITECTURE, rule 8).</summary>
internal sealed class ReceiptService : IAsyncDisposable
{
    private const int PublishedLimit = 200_000;

    /// <summary>More marks than this at once are many: then flushes come half as often, since each costs the store and every watcher about the same.</summary>
    internal const int ManyMarks = 100;

    /// <summary>A receipt is shown within 250 ms (rule 8): this, 30 for its flush, and <see cref="Sessions.LatePumps.Moment"/>.</summary>
    internal static readonly TimeSpan MostInterval = TimeSpan.FromMilliseconds(180);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Nobody but their device sees cursors, and it restates them when it connects: they need not be stored as often as marks.</summary>
    private static readonly TimeSpan CursorInterval = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly SemaphoreSlim flushing = new(1, 1);
    private readonly ConcurrentDictionary<(ConversationId, UserId), Receipt> published = new();
    private readonly IRelayQueue relay;
    private readonly IReceiptStore store;
    private readonly Dispatcher dispatcher;
    private readonly Groups.MembershipService memberships;
    private readonly ILogger logger;
    private readonly TimeProvider time;
    private readonly TimeSpan interval;
    private readonly TimeSpan busyInterval;
    private readonly ITimer timer;
    private Dictionary<(ConversationId, UserId), Receipt> marks = [];
    private Dictionary<DeviceId, Dictionary<ConversationId, long>> cursors = [];
    private Dictionary<(ConversationId, UserId), Receipt> markFlush = [];
    private Dictionary<DeviceId, Dictionary<ConversationId, long>> cursorFlush = [];
    private long? dueAt;
    private bool busy;
    private long cursorsAt;
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
        this.time = time;
        interval = options.Value.ReceiptFlushInterval;
        busyInterval = interval > MostInterval ? interval : TimeSpan.FromTicks(Math.Min(interval.Ticks * 2, MostInterval.Ticks));
        cursorsAt = time.GetTimestamp();
        timer = time.CreateTimer(
            _ => _ = FlushAsync(marksOnly: time.GetElapsedTime(Volatile.Read(ref cursorsAt)) < CursorInterval),
            null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Moves a user's marks forward; 0 leaves a mark alone. Read up to n is delivered up to n.</summary>
    public void Move(ConversationId conversation, UserId user, long delivered, long read)
    {
        var key = (conversation, user);
        var move = new Receipt(conversation, user, Math.Max(delivered, read), read);
        lock (gate)
        {
            marks[key] = marks.TryGetValue(key, out var old) ? Merge(old, move) : move;
            Arm(busy ? busyInterval : interval);
        }
    }

    /// <summary>A device has persisted everything up to <paramref name="seq"/>.</summary>
    public void MoveDevice(DeviceId device, ConversationId conversation, long seq)
    {
        lock (gate)
        {
            Keep(device, conversation, seq);
            Arm(CursorInterval);
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
            foreach (var moves in (ReadOnlySpan<Dictionary<DeviceId, Dictionary<ConversationId, long>>>)[cursorFlush, cursors])
            {
                if (moves.TryGetValue(device, out var own))
                {
                    pending.AddRange(own.Select(static move => (move.Key, move.Value)));
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
            cursors.Remove(device);
        }
    }

    /// <summary>Stores what was collected and shows it. Failures keep it for the next time.</summary>
    /// <returns>Whether everything collected before the call is stored.</returns>
    public Task<bool> FlushAsync() => FlushAsync(marksOnly: false);

    private async Task<bool> FlushAsync(bool marksOnly)
    {
        await flushing.WaitAsync().ConfigureAwait(false);
        try
        {
            lock (gate)
            {
                dueAt = null;
                (markFlush, marks) = (marks, markFlush);
                busy = markFlush.Count > ManyMarks;
                if (!marksOnly)
                {
                    (cursorFlush, cursors) = (cursors, cursorFlush);
                    Volatile.Write(ref cursorsAt, time.GetTimestamp());
                }
                else if (cursors.Count > 0)
                {
                    Arm(CursorInterval);
                }
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
                    [.. cursorFlush.SelectMany(static device => device.Value.Select(move => new DeviceCursor(device.Key, move.Key, move.Value)))], CancellationToken.None).ConfigureAwait(false);
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

                foreach (var (device, moves) in cursorFlush)
                {
                    foreach (var (conversation, seq) in moves)
                    {
                        Keep(device, conversation, seq);
                    }
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
            // It only saves events that say nothing new, and what a read of marks under way just missed; the present flush comes in again below.
            published.Clear();
        }

        var hints = new List<BackplaneMessage>();
        foreach (var group in markFlush.Values.GroupBy(mark => mark.Conversation))
        {
            var news = new List<Receipt>();
            var from = long.MaxValue;
            foreach (var mark in group)
            {
                var before = published.GetValueOrDefault((mark.Conversation, mark.User), mark with { Delivered = 0, Read = 0 });
                var merged = Merge(before, mark);
                if (merged != before)
                {
                    published[(mark.Conversation, mark.User)] = merged;
                    news.Add(merged);
                    from = Math.Min(from, merged.Read > before.Read ? before.Read : before.Delivered);
                }
            }

            if (news.Count > 0)
            {
                hints.Add(new ReceiptsMoved(group.Key, memberships.TryGetCached(group.Key)?.Version ?? 0, news) { From = from });
            }
        }

        dispatcher.Enqueue(hints);
    }

    private void Keep(DeviceId device, ConversationId conversation, long seq)
    {
        if (!cursors.TryGetValue(device, out var moves))
        {
            cursors[device] = moves = [];
        }

        moves[conversation] = Math.Max(moves.GetValueOrDefault(conversation), seq);
    }

    private void Arm(TimeSpan delay)
    {
        var due = time.GetTimestamp() + (long)(delay.TotalSeconds * time.TimestampFrequency);
        if (!stopped && (dueAt is null || due < dueAt))
        {
            dueAt = due;
            timer.Change(delay, Timeout.InfiniteTimeSpan);
        }
    }

    private static Receipt Merge(Receipt one, Receipt other) =>
        one with { Delivered = Math.Max(one.Delivered, other.Delivered), Read = Math.Max(one.Read, other.Read) };
}
