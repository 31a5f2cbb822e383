using ChatKit.Delivery;
using ChatKit.Groups;

namespace ChatKit.Sessions;

/// <summary>Live entries: those that follow what was sent, and those that follow what is being pulled.</summary>
internal sealed partial class SessionPump
{
    private static bool Sees(MembershipView view, Member member, long seq) => seq >= member.Joined || view.Membership.History == GroupHistory.All;

    /// <summary>Writes entries from a place on, as far as there is room.</summary>
    private void WriteFrom(Track track, long from, IReadOnlyList<OutgoingEvent> events, int first)
    {
        for (var i = first; i < events.Count && HasRoom; i++)
        {
            Write(track, from + i, events[i]);
        }
    }

    /// <summary>Keeps entries of a conversation that is being pulled, at most a window's worth: a busy conversation that once fell behind would
    /// otherwise be pulled again for whatever came during the pull, and stay behind as long as it is busy.</summary>
    private void Hold(Track track, long from, IReadOnlyList<OutgoingEvent> events, MembershipView view, Member member)
    {
        var follows = track.Held is not null && track.HeldFrom + track.Held.Count == from;
        if (!follows)
        {
            Release(track);
        }

        var size = 0L;
        foreach (var one in events)
        {
            size += one.Size;
        }

        if (!Sees(view, member, from) || heldBytes + size > services.Options.WindowBytes || (track.Held?.Count ?? 0) + events.Count > windowEntries)
        {
            return; // Dropped as a hint, and pulled.
        }

        if (!follows)
        {
            track.Held = [];
            track.HeldFrom = from;
        }

        track.Held!.AddRange(events);
        track.HeldBytes += size;
        heldBytes += size;
    }

    /// <summary>After a pull: what was held and follows it goes out.</summary>
    private void WriteHeld(Track track)
    {
        if (track.Held is not { } held)
        {
            return;
        }

        var first = track.Sent + 1 - track.HeldFrom;
        if (first >= 0 && first < held.Count)
        {
            WriteFrom(track, track.HeldFrom, held, (int)first);
        }

        if (first >= 0 || !HasRoom)
        {
            Release(track);
        }
    }

    private void Release(Track track)
    {
        heldBytes -= track.HeldBytes;
        track.HeldBytes = 0;
        track.Held = null;
    }
}
