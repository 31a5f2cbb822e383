using ChatKit.Delivery;
using ChatKit.Wire;

namespace ChatKit.Sessions;

/// <summary>Collects what the pump writes until there is something worth an answer.</summary>
internal sealed class PollTransport(UserId user, int max) : ISessionTransport
{
    private readonly Lock gate = new();
    private readonly List<EventFrame> events = [];
    private readonly TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EventFrame? Goodbye { get; private set; }

    public ValueTask SendAsync(IReadOnlyList<OutgoingEvent> batch, CancellationToken cancellationToken)
    {
        var wakes = false;
        lock (gate)
        {
            foreach (var message in batch)
            {
                if (message.Frame.T == EventTags.Goodbye)
                {
                    Goodbye = message.Frame;
                }
                else
                {
                    events.Add(message.Frame);
                }

                wakes |= Wakes(message.Frame);
            }
        }

        if (wakes)
        {
            arrived.TrySetResult();
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask CloseAsync()
    {
        Abort();
        return ValueTask.CompletedTask;
    }

    public void Abort() => arrived.TrySetResult();

    public async ValueTask WaitAsync(TimeSpan wait, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await arrived.Task.WaitAsync(wait, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Nothing came: an empty answer.
        }
    }

    /// <summary>The events of at most <see cref="SyncToken.MaxCursors"/> conversations and at most the number asked; what is left out was
    /// not acknowledged and comes with the next poll.</summary>
    public IReadOnlyList<EventFrame> Take(out IReadOnlyList<WireCursor> cursors)
    {
        var reached = new Dictionary<string, long>(StringComparer.Ordinal);
        var taken = new List<EventFrame>();
        lock (gate)
        {
            var entries = 0;
            foreach (var frame in events)
            {
                if (PositionOf(frame) is var (conversation, seq))
                {
                    if (++entries > max || (reached.Count == SyncToken.MaxCursors && !reached.ContainsKey(conversation)))
                    {
                        break;
                    }

                    reached[conversation] = seq;
                }

                taken.Add(frame);
            }
        }

        cursors = [.. reached.Select(pair => new WireCursor(pair.Key, pair.Value))];
        return taken;
    }

    private static (string Conversation, long Seq)? PositionOf(EventFrame frame) => frame.T switch
    {
        EventTags.Entry => (frame.Entry!.Conversation, frame.Entry.Seq),
        EventTags.Skip => (frame.Conversation!, frame.To ?? 0),
        _ => null,
    };

    /// <summary>The echo of the poll's own acknowledgement is no news.</summary>
    private bool Wakes(EventFrame frame) => frame.T switch
    {
        EventTags.Unread => false,
        EventTags.Receipts => frame.Receipts?.Any(receipt => receipt.User != user.Value) == true,
        _ => true,
    };
}
