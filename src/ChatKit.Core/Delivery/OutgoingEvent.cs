using System.Text.Json;
using ChatKit.Wire;

namespace ChatKit.Delivery;

/// <summary>An event on its way to any number of connections: serialised once a protocol, however many get it.</summary>
internal sealed class OutgoingEvent(EventFrame frame)
{
    private byte[]? json;

    public EventFrame Frame { get; } = frame;

    /// <summary>The event as UTF-8 JSON. Two threads may serialise it at once; both get the same bytes.</summary>
    public ReadOnlyMemory<byte> Json => json ??= JsonSerializer.SerializeToUtf8Bytes(Frame, WireJson.Default.EventFrame);
}
