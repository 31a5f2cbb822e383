using ChatKit.Delivery;

namespace ChatKit.Sessions;

/// <summary>Events that may wait a moment for company: they leave with the next that may not, or alone when their time is over.</summary>
internal sealed partial class SessionPump
{
    /// <summary>So many of the queued events may wait; all of them, if no other is queued, do.</summary>
    private int late;

    /// <summary>Queues an event that is no part of a log.</summary>
    /// <param name="message">The event.</param>
    /// <param name="mayWait">Whether what leaves soon may take it along: told to many at once, each in a write of its own, such events hold up what others wait for.</param>
    public void Post(OutgoingEvent message, bool mayWait = false)
    {
        lock (gate)
        {
            if (!TryQueue(message))
            {
                return;
            }

            if (!mayWait)
            {
                Signal();
            }
            else if (late++ == 0)
            {
                services.Late.Add(this);
            }
        }
    }

    /// <summary>What waited has waited long enough.</summary>
    internal void Hurry()
    {
        lock (gate)
        {
            late = 0;
            Signal();
        }
    }

    private bool TryQueue(OutgoingEvent message)
    {
        if (isEnded)
        {
            return false;
        }

        if (outgoing.Count >= MaxQueuedEvents)
        {
            Cut(ChatErrorCode.SlowConsumer);
            return false;
        }

        outgoing.Add(message);
        return true;
    }
}
