using System.Text.Json;
using ChatKit.Wire;

namespace ChatKit.Delivery;

/// <summary>An event on its way to any number of connections: serialised once a protocol, however many get it.</summary>
internal sealed class OutgoingEvent(EventFrame frame)
{
    private const int Envelope = 240;

    private byte[]? json;

    public EventFrame Frame { get; } = frame;

    /// <summary>About how many bytes it takes on the wire; known without serialising.</summary>
    public int Size { get; } = Envelope + (frame.Entry?.Text?.Length ?? 0) + (frame.Entry?.Data?.Length ?? 0);

    /// <summary>The event as UTF-8 JSON. Two threads may serialise it at once; both get the same bytes.</summary>
    public ReadOnlyMemory<byte> Json => json ??= JsonSerializer.SerializeToUtf8Bytes(Frame, WireJson.Default.EventFrame);
}
