using System.Buffers;
using System.Text.Json;
using ChatKit.Wire;

namespace ChatKit.Delivery;

/// <summary>An event on its way to any number of connections: serialised once a protocol, however many get it.</summary>
internal class OutgoingEvent
{
    private const int Envelope = 240;

    private EventFrame? frame;
    private byte[]? json;

    public OutgoingEvent(EventFrame frame)
    {
        this.frame = frame;
        Size = Envelope + (frame.Entry?.Text?.Length ?? 0) + (frame.Entry?.Data?.Length ?? 0);
        IsEntry = frame.Entry is not null;
    }

    /// <summary>For events that are written without a frame; <see cref="CreateFrame"/> makes one for protocols that need it.</summary>
    protected OutgoingEvent(int bodyBytes, bool isEntry)
    {
        Size = Envelope + bodyBytes;
        IsEntry = isEntry;
    }

    /// <summary>The event as an object. Two threads may make it at once; both get equal ones.</summary>
    public EventFrame Frame => frame ??= CreateFrame();

    /// <summary>Whether it is an entry of a log.</summary>
    public bool IsEntry { get; }

    /// <summary>About how many bytes it takes on the wire; known without serialising.</summary>
    public int Size { get; }

    /// <summary>The event as UTF-8 JSON. Two threads may serialise it at once; both get the same bytes.</summary>
    public ReadOnlyMemory<byte> Json => json ??= Serialize();

    /// <summary>Writes the event as UTF-8 JSON.</summary>
    public virtual void WriteJson(IBufferWriter<byte> to) => to.Write(Json.Span);

    protected virtual EventFrame CreateFrame() => throw new InvalidOperationException("An event without a frame makes one.");

    protected virtual byte[] Serialize() => JsonSerializer.SerializeToUtf8Bytes(Frame, WireJson.Default.EventFrame);
}
