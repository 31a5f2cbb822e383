using ChatKit.Delivery;

namespace ChatKit.Sessions;

/// <summary>What the pump does next: events first, then the end, then a pull.</summary>
internal sealed partial class SessionPump
{
    private bool Next(out List<OutgoingEvent>? batch, out List<Pull>? pulls)
    {
        batch = null;
        pulls = null;
        lock (gate)
        {
            writingSince = 0;
            if (!isEnded && outgoing.Count > late)
            {
                late = 0;
                batch = outgoing;
                outgoing = spare ?? [];
                spare = null;
                if (batch.Count > BatchEvents)
                {
                    outgoing.AddRange(batch.GetRange(BatchEvents, batch.Count - BatchEvents));
                    batch.RemoveRange(BatchEvents, batch.Count - BatchEvents);
                }

                writingSince = services.Time.GetTimestamp();
                return true;
            }

            if (!isEnded && endsWhenFlushed)
            {
                isEnded = true;
                saidGoodbye = true;
            }

            if (!isEnded && behind.Count > 0 && HasRoom && !paused)
            {
                pulls = [];
                while (pulls.Count < LogPuller.ConversationsAtOnce && behind.TryDequeue(out var track))
                {
                    if (track.Sent >= track.Known && !track.IsNew)
                    {
                        // Its start was moved past what made it wait.
                        track.Behind = false;
                        Release(track);
                        continue;
                    }

                    pulls.Add(new Pull(track, track.Sent, track.Known, track.IsNew, track.Visible, track.VisibleAt));
                }

                if (pulls.Count > 0)
                {
                    return true;
                }

                pulls = null;
            }

            running = false;
            caughtUp.TrySetResult();
            return false;
        }
    }
}
