using System.Buffers;
using System.Text;
using System.Text.Json;
using ChatKit.Delivery;
using ChatKit.Wire;

namespace ChatKit.Core.Tests;

/// <summary>The hand-written JSON of the two hot events is the serialiser's, byte for byte (docs/protocol.md).</summary>
public sealed class EventWriterTests
{
    public static TheoryData<string, byte[]> Bodies => new()
    {
        { "text/plain", "Hello"u8.ToArray() },
        { "text/plain", "\"quoted\" \\ / < > & ' + ` \t\r\n\u0001\u007f\u2028 é ß 漢字 🦊 \U0010ffff e\u0301"u8.ToArray() },
        { "text/markdown", "# ok"u8.ToArray() },
        { "TEXT/plain", "case"u8.ToArray() },
        { "text/plain", [0x48, 0xc3, 0x28, 0xff] },
        { "text/plain", [0xed, 0xa0, 0x80] },
        { "application/octet-stream", [0xfb, 0xff, 0xfe, 0x3e, 0x3f, 0x00] },
        { "text/plain", [] },
        { "text/plain", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("漢🦊x", 9000))) },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public void An_entry_is_written_as_the_serialiser_would(string contentType, byte[] body)
    {
        foreach (var kind in Enum.GetValues<EntryKind>().Where(kind => kind != EntryKind.Membership))
        {
            var entry = Entry(kind) with { Body = body, Header = new EntryHeader { Kind = kind, Counts = true, ContentType = contentType, Target = 7 } };
            AssertSame(entry);
            AssertSame(entry with { Erased = true, Version = 99, Body = default });
            AssertSame(entry with { Header = new EntryHeader { Kind = kind, ContentType = contentType } });
            AssertSame(entry with { Header = new EntryHeader { Kind = kind, ContentType = contentType, Assets = [new AssetId("a1")] } });
        }
    }

    [Fact]
    public void A_membership_entry_is_left_to_the_serialiser()
    {
        var change = new MembershipChange { Action = MembershipAction.Added, Members = [new MemberChange("bob")] };
        AssertSame(Entry(EntryKind.Membership) with
        {
            Header = new EntryHeader { Kind = EntryKind.Membership, ContentType = MembershipChange.ContentType },
            Body = change.ToBody(),
        });
    }

    [Theory]
    [InlineData("id", true)]
    [InlineData("é<+>", false)]
    [InlineData(null, false)]
    public void An_acknowledgement_is_written_as_the_serialiser_would(string? id, bool duplicate)
    {
        var sent = new SentMessage(new ConversationId("c'1"), 12, new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero).AddTicks(9), new CommandId("x"), duplicate);
        var written = new AcceptedEvent(id, sent);
        var bytes = new ArrayBufferWriter<byte>();
        written.WriteJson(bytes);
        Assert.Equal(Expected(written.Frame), Encoding.UTF8.GetString(bytes.WrittenSpan));
        Assert.Equal(Expected(written.Frame), Encoding.UTF8.GetString(written.Json.Span));
        Assert.False(written.IsEntry);
    }

    private static void AssertSame(LogEntry entry)
    {
        var written = WireMapper.EntryEvent(entry);
        Assert.Equal(Expected(new EventFrame { T = EventTags.Entry, Entry = WireMapper.ToWire(entry) }), Encoding.UTF8.GetString(written.Json.Span));
        Assert.Equal(EventTags.Entry, written.Frame.T);
        Assert.True(written.IsEntry);
    }

    private static string Expected(EventFrame frame) => JsonSerializer.Serialize(frame, WireJson.Default.EventFrame);

    private static LogEntry Entry(EntryKind kind) => new()
    {
        Conversation = new ConversationId("d_abc-\u00e9"),
        Seq = 12,
        AcceptedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 600, TimeSpan.FromHours(2)),
        Sender = new UserId("ann+1"),
        Command = new CommandId("0192-<1>"),
        Header = new EntryHeader { Kind = kind },
        MembershipVersion = 1,
        Version = 12,
    };
}
