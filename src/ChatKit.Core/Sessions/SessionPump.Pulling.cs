using System.Runtime.InteropServices;
using ChatKit.Delivery;
using ChatKit.Groups;
using Microsoft.Extensions.Logging;

namespace ChatKit.Sessions;

/// <summary>The pull: what lies after the positions, read from the log.</summary>
internal sealed partial class SessionPump
{
    private async ValueTask PullAsync(List<Pull> pulls)
    {
        IReadOnlyList<PulledRange> ranges = [];
        try
        {
            ranges = await services.Puller.PullAsync(Device.User, pulls, Room(), ended.Token).ConfigureAwait(false);
        }
        catch (ChatStoreException exception)
        {
            DeliveryLog.PullFailed(services.Logger, Device, exception);
        }

        lock (gate)
        {
            var moved = !HasRoom;
            foreach (var range in ranges)
            {
                moved |= Take(range);
            }

            foreach (var pull in pulls)
            {
                pull.Track.Behind = false;
                WriteHeld(pull.Track);
                moved |= pull.Track.Sent >= pull.Track.Known;
                Extend(pull.Track, pull.Track.Known);
            }

            if (!moved)
            {
                Pause();
            }
        }
    }

    private bool Take(PulledRange range)
    {
        var track = range.Track;
        if (range.VisibleAt >= track.VisibleAt)
        {
            track.Visible = range.Visible;
            track.VisibleAt = range.VisibleAt;
            track.Known = Math.Min(track.Known, range.Visible.End);
        }

        var moved = track.IsNew;
        if (track.IsNew)
        {
            track.IsNew = false;
            track.Sent = range.Position;
            track.Acked = range.Position;
        }

        // Whose they are is not looked at.
        track.OwnThrough = Math.Max(track.OwnThrough, range.Position);
        foreach (var (through, message) in range.Events)
        {
            if (!HasRoom)
            {
                break;
            }

            Write(track, through, message);
            track.OwnThrough = Math.Max(track.OwnThrough, through);
            moved = true;
        }

        return moved;
    }

    /// <summary>The store could not serve the pull: answers and live entries go on, pulling waits a little.</summary>
    private void Pause()
    {
        paused = true;
        pauseTimer ??= services.Time.CreateTimer(
            static state =>
            {
                var pump = (SessionPump)state!;
                lock (pump.gate)
                {
                    pump.paused = false;
                    pump.Signal();
                }
            },
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        pauseTimer.Change(services.Options.RecoveryInterval, Timeout.InfiniteTimeSpan);
    }

    private int Room()
    {
        lock (gate)
        {
            return windowEntries - unacked.Count;
        }
    }
}
