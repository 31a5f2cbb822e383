using ChatKit.Delivery;

namespace ChatKit.Sessions;

/// <summary>Live entries of a conversation that is being pulled, without a gap.</summary>
internal sealed class HeldEntries(long from)
{
    /// <summary>The first one.</summary>
    public long From { get; } = from;

    public List<OutgoingEvent> Events { get; } = [];

    public long Bytes { get; set; }
}
