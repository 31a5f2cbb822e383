using ChatKit.Groups;
using ChatKit.Sessions;
using Microsoft.Extensions.Logging;

namespace ChatKit.Delivery;

/// <summary>Tells a user's own devices what he has left unread when his read mark moves. Counting asks the store, so it happens beside the
/// delivery of entries, for all marks that wait at once; of several moves of one mark only the last is told.</summary>
internal sealed class UnreadTeller(SessionTable sessions, MembershipService memberships, IMessageStore store, ILogger<UnreadTeller> logger) : IAsyncDisposable
{
    private const int MostSpans = 500;

    private readonly Lock gate = new();
    private readonly CancellationTokenSource stopping = new();
    private Dictionary<(ConversationId, UserId), Mark> waiting = [];
    private Dictionary<(ConversationId, UserId), Mark> counting = [];
    private Task running = Task.CompletedTask;
    private bool stopped;

    public void Tell(MembershipView view, Receipt receipt)
    {
        var key = (receipt.Conversation, receipt.User);
        lock (gate)
        {
            if (stopped)
            {
                return;
            }

            // Behind a count of the same mark that is under way, or it would be told after this.
            if (!counting.ContainsKey(key) && !waiting.ContainsKey(key) && HasReadAll(receipt))
            {
                Post(receipt, 0);
                return;
            }

            waiting[key] = new Mark(receipt, view);
            if (running.IsCompleted)
            {
                running = Task.Run(RunAsync);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            stopped = true;
        }

        await stopping.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        while (Take() is { } marks)
        {
            try
            {
                foreach (var chunk in marks.Chunk(MostSpans))
                {
                    await CountAsync(chunk).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // As with every hint: clients ask, or learn it with the next move.
                DeliveryLog.HintFailed(logger, exception);
            }
        }
    }

    private ICollection<Mark>? Take()
    {
        lock (gate)
        {
            counting.Clear();
            if (waiting.Count == 0 || stopped)
            {
                running = Task.CompletedTask;
                return null;
            }

            (counting, waiting) = (waiting, counting);
            return counting.Values;
        }
    }

    private async ValueTask CountAsync(Mark[] marks)
    {
        var spans = new List<LogSpan>();
        var asked = new List<(Receipt Receipt, int End)>();
        foreach (var (receipt, view) in marks)
        {
            if (!view.TryGet(receipt.User, out var member))
            {
                continue;
            }

            if (HasReadAll(receipt))
            {
                Post(receipt, 0);
                continue;
            }

            var visible = view.Membership.Kind == ConversationKind.Direct || view.Membership.History == GroupHistory.All
                ? Visibility.Since(1)
                : await memberships.GetVisibilityAsync(receipt.Conversation, receipt.User, member.Joined, stopping.Token).ConfigureAwait(false);
            spans.AddRange(visible.Clip(receipt.Conversation, receipt.Read, long.MaxValue));
            asked.Add((receipt, spans.Count));
        }

        if (asked.Count == 0)
        {
            return;
        }

        var counts = await store.CountAsync(spans, stopping.Token).ConfigureAwait(false);
        var next = 0;
        foreach (var (receipt, end) in asked)
        {
            var unread = 0L;
            for (; next < end; next++)
            {
                unread += counts[next];
            }

            Post(receipt, unread);
        }
    }

    /// <summary>Whether he has read all his devices here know of; what they learn of later they count themselves.</summary>
    private bool HasReadAll(Receipt receipt)
    {
        long? known = null;
        if (sessions.TryGet(receipt.User, out var found))
        {
            foreach (var session in found)
            {
                known = Math.Max(known ?? 0, session.Pump.KnownOf(receipt.Conversation) ?? 0);
            }
        }

        return known is null || (known > 0 && known <= receipt.Read);
    }

    private void Post(Receipt receipt, long unread)
    {
        if (sessions.TryGet(receipt.User, out var found))
        {
            var outgoing = WireEvents.Unread(receipt.Conversation, receipt.Read, unread);
            foreach (var session in found)
            {
                session.Pump.Post(outgoing);
            }
        }
    }

    private readonly record struct Mark(Receipt Receipt, MembershipView View);
}
