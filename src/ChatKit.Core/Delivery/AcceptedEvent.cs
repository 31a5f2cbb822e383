using System.Buffers;
using ChatKit.Wire;

namespace ChatKit.Delivery;

/// <summary>A command is committed.</summary>
internal sealed class AcceptedEvent(string? id, SentMessage sent) : OutgoingEvent(bodyBytes: 0, isEntry: false)
{
    protected override EventFrame CreateFrame() => new()
    {
        T = EventTags.Accepted,
        Id = id,
        Conversation = sent.Conversation.Value,
        Seq = sent.Seq,
        At = sent.AcceptedAt,
        Duplicate = sent.Duplicate ? true : null,
    };

    /// <summary>Only one connection gets it: its bytes need not be kept.</summary>
    public override void WriteJson(IBufferWriter<byte> to) => EventWriter.Accepted(to, id, sent);
}
