using ChatKit.Wire;

namespace ChatKit.Delivery;

/// <summary>An entry of a log, written from the entry itself: its body is UTF-8 already.</summary>
internal sealed class EntryEvent(LogEntry entry) : OutgoingEvent(entry.Body.Length, isEntry: true)
{
    protected override EventFrame CreateFrame() => new() { T = EventTags.Entry, Entry = WireMapper.ToWire(entry) };

    protected override byte[] Serialize() => EventWriter.CanWrite(entry) ? EventWriter.Entry(entry) : base.Serialize();
}
