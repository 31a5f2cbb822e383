using ChatKit.Delivery;
using ChatKit.Groups;

namespace ChatKit.Sessions;

/// <summary>Live entries: those that follow what was sent, and those that follow what is being pulled.</summary>
internal sealed partial class SessionPump
{
    /// <summary>The user has written an entry.</summary>
    public void Wrote(ConversationId conversation, long seq)
    {
        lock (gate)
        {
            if (tracks.TryGetValue(conversation, out var track))
            {
                track.OwnThrough = Math.Max(track.OwnThrough, seq);
            }
        }
    }

    /// <summary>Whether marks that moved may have passed an entry of the user's.</summary>
    public bool IsAuthorWithin(ConversationId conversation, long from, long to)
    {
        lock (gate)
        {
            return !tracks.TryGetValue(conversation, out var track) || from < track.OwnThrough || to > track.Sent;
        }
    }

    /// <summary>Whether a member sees an entry and, while he is one, all after it.</summary>
    internal static bool Sees(MembershipView view, Member member, long seq) => seq >= member.Joined || view.Membership.History == GroupHistory.All;

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
        var follows = track.Held is { } before && before.From + before.Events.Count == from;
        if (!follows)
        {
            Release(track);
        }

        var size = 0L;
        foreach (var one in events)
        {
            size += one.Size;
        }

        if (!Sees(view, member, from) || heldBytes + size > services.Options.WindowBytes || (track.Held?.Events.Count ?? 0) + events.Count > windowEntries)
        {
            return; // Dropped as a hint, and pulled.
        }

        var held = track.Held ??= new HeldEntries(from);
        held.Events.AddRange(events);
        held.Bytes += size;
        heldBytes += size;
    }

    /// <summary>After a pull: what was held and follows it goes out.</summary>
    private void WriteHeld(Track track)
    {
        if (track.Held is not { } held)
        {
            return;
        }

        var first = track.Sent + 1 - held.From;
        if (first >= 0 && first < held.Events.Count)
        {
            WriteFrom(track, held.From, held.Events, (int)first);
        }

        if (first >= 0 || !HasRoom)
        {
            Release(track);
        }
    }

    private void Release(Track track)
    {
        heldBytes -= track.Held?.Bytes ?? 0;
        track.Held = null;
    }
}
