using System.Text;
using System.Text.Json;
using ChatKit.Load.Clients;
using ChatKit.Wire;

namespace ChatKit.Load.Tests;

/// <summary>What the generator reads byte by byte is what the wire's own JSON looks like: else every event would take its slow way, or be misread.</summary>
public sealed class EntryScanTests
{
    private const string Rest = ",{\"t\":\"other\"}";
    private static readonly DateTimeOffset At = new(2026, 11, 27, 21, 54, 46, TimeSpan.Zero);

    private static readonly WireEntry Entry = new()
    {
        Conversation = "g:1",
        Seq = 1234,
        At = At,
        Kind = "message",
        From = "ann",
        Id = "0199",
        Text = "Hello",
        Counts = true,
    };

    [Fact]
    public void Reads_an_entry()
    {
        var json = Serialize(new EventFrame { T = EventTags.Entry, Entry = Entry });

        Assert.True(EntryScan.TryRead(Encoding.UTF8.GetBytes(json + Rest), out var entry));

        Assert.Equal((1234, json.Length), (entry.Seq, entry.Length));
        Assert.Equal("g:1 ann 0199", $"{Text(entry.Conversation)} {Text(entry.From)} {Text(entry.Id)}");
    }

    [Fact]
    public void Reads_an_acceptance()
    {
        var json = Serialize(new EventFrame { T = EventTags.Accepted, Id = "0199", Conversation = "g:1", Seq = 1234, At = At });

        Assert.True(EntryScan.TryReadAccepted(Encoding.UTF8.GetBytes(json + Rest), out var id, out var length));

        Assert.Equal(("0199", json.Length), (Text(id), length));
    }

    [Fact]
    public void Passes_over_receipts()
    {
        var json = Serialize(new EventFrame { T = EventTags.Receipts, Conversation = "g:1", Receipts = [new WireReceipt("ann", 5, 4), new WireReceipt("bob", 5, 5)] });

        Assert.True(EntryScan.TrySkipReceipts(Encoding.UTF8.GetBytes(json + Rest), out var length));

        Assert.Equal(json.Length, length);
    }

    [Fact]
    public void Leaves_to_the_reader_what_looks_otherwise()
    {
        var edit = Encoding.UTF8.GetBytes(Serialize(new EventFrame { T = EventTags.Entry, Entry = Entry with { Kind = "edit", Target = 3 } }));
        var duplicate = Encoding.UTF8.GetBytes(Serialize(new EventFrame { T = EventTags.Accepted, Id = "0199", Conversation = "g:1", Seq = 1, At = At, Duplicate = true }));
        var cut = Encoding.UTF8.GetBytes(Serialize(new EventFrame { T = EventTags.Receipts, Conversation = "g:1", Receipts = [new WireReceipt("ann", 5, 4)] }))[..^2];

        Assert.False(EntryScan.TryRead(edit, out _));
        Assert.False(EntryScan.TryReadAccepted(duplicate, out _, out _));
        Assert.False(EntryScan.TrySkipReceipts(cut, out _));
        foreach (var other in (byte[][])[edit, duplicate])
        {
            Assert.False(EntryScan.TrySkipReceipts(other, out _));
        }
    }

    private static string Serialize(EventFrame frame) => JsonSerializer.Serialize(frame, WireJson.Default.EventFrame);

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
