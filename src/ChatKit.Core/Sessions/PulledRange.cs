using ChatKit.Delivery;
using ChatKit.Groups;

namespace ChatKit.Sessions;

/// <summary>What a pull found for one conversation.</summary>
/// <param name="Track">The conversation.</param>
/// <param name="Position">Where it starts: what comes before is not this connection's.</param>
/// <param name="Events">Entries and skips in order, each with the position it reaches.</param>
/// <param name="Visible">What the user sees.</param>
/// <param name="VisibleAt">The membership version of that.</param>
internal readonly record struct PulledRange(
    Track Track, long Position, IReadOnlyList<(long Through, OutgoingEvent Event)> Events, Visibility Visible, long VisibleAt);
