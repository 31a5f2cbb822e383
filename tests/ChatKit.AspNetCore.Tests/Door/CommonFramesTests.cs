using System.Buffers;
using System.Text;
using System.Text.Json;
using ChatKit.AspNetCore.Hubs;
using ChatKit.Wire;

namespace ChatKit.AspNetCore.Tests.Door;

/// <summary>Commands that are read field by field mean what the serialiser reads, and malformed ones are as malformed.</summary>
public sealed class CommonFramesTests
{
    /// <summary>Whether it is read field by field, and the command.</summary>
    public static TheoryData<bool, string> Commands => new()
    {
        { true, """{"t":"send","id":"1","conversation":"d_x","text":"Hello"}""" },
        { true, """{ "text" : "first" , "conversation":"d_x", "id":"1", "t":"send" }""" },
        { true, """{"t":"send","id":"\u0031\n","conversation":"d\u005fx","text":"\"q\" \\ \/ \u00e9 漢字 🦊 \ud83e\udd8a"}""" },
        { true, """{"t":"send","id":"1","conversation":"d_x","text":""}""" },
        { true, """{"t":"send"}""" },
        { true, """{}""" },
        { true, """{"t":"ack","cursors":[]}""" },
        { true, """{"t":"ack","cursors":[{"conversation":"d_x","seq":12},{"conversation":"g_y","seq":9223372036854775807}]}""" },
        { true, """{"t":"activity"}""" },
        { false, """{"t":"edit","id":"1","conversation":"d_x","text":"changed","seq":3}""" },
        { false, """{"t":"edit","id":"1","conversation":"d_x","text":"changed"}""" },
        { false, """{"t":"send","id":"1","to":"ben","text":"Hello"}""" },
        { false, """{"t":"send","id":"1","conversation":"d_x","text":"Hello","contentType":"text/markdown"}""" },
        { false, """{"t":"send","id":"1","conversation":"d_x","data":"AAEC"}""" },
        { false, """{"T":"send","ID":"1","Conversation":"d_x","TEXT":"case"}""" },
        { false, """{"t":"send","id":"1","conversation":"d_x","text":"a","text":"b"}""" },
        { false, """{"t":"send","id":"1","id":"2","conversation":"d_x","conversation":"d_y","text":"a"}""" },
        { false, """{"t":"send","id":null,"conversation":"d_x","text":null}""" },
        { false, """{"t":null}""" },
        { false, """{"t":"ack","cursors":null}""" },
        { false, """{"t":"ack","cursors":[{"seq":12,"conversation":"d_x"}]}""" },
        { false, """{"t":"ack","cursors":[{"conversation":"d_x","seq":12,"more":{}}]}""" },
        { false, """{"t":"ack","cursors":[null]}""" },
        { false, """{"t":"send","id":"1","conversation":"d_x","text":"a","unknown":{"deep":[1,2,{"x":null}]}}""" },
        { false, "null" },
    };

    public static TheoryData<string> Malformed => new()
    {
        """{"t":"send","id":7,"conversation":"d_x","text":"a"}""",
        """{"t":"send","id":"1","conversation":["d_x"],"text":"a"}""",
        """{"t":"send","id":"1","conversation":"d_x","text":{"a":1}}""",
        """{"t":"send","id":"1","conversation":"d_x","text":"\ud800"}""",
        """{"t":"ack","cursors":[{"conversation":"d_x","seq":1.5}]}""",
        """{"t":"ack","cursors":{}}""",
        "\"send\"",
        "7",
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_means_what_the_serialiser_reads(bool common, string json)
    {
        var expected = JsonSerializer.Deserialize(json, WireJson.Default.CommandFrame);
        AssertSame(expected, Assert.Single(Read($"[{json}]")));
        AssertSame(expected, Read($"[{{\"t\":\"send\",\"conversation\":\"d_x\"}},{json}]")[1]);
        for (var cut = 1; cut < Encoding.UTF8.GetByteCount(json) + 1; cut++)
        {
            AssertSame(expected, Assert.Single(Read($"[{json}]", cut)));
        }

        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        Assert.Equal(common, CommonFrames.TryRead(ref reader, before: null) is not null);
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_malformed_command_costs_only_itself(string json)
    {
        var frames = Read($"[{{\"t\":\"send\",\"id\":\"before\"}},{json},{{\"t\":\"send\",\"id\":\"after\"}}]");
        Assert.Equal(3, frames.Length);
        Assert.Equal("before", frames[0]!.Id);
        Assert.Equal(WirePayload.MalformedTag, frames[1]!.T);
        Assert.Equal("after", frames[2]!.Id);
    }

    [Fact]
    public void Text_that_is_no_UTF8_is_malformed()
    {
        byte[] json = [.. "[{\"t\":\"send\",\"id\":\"1\",\"conversation\":\"d_x\",\"text\":\"a"u8, 0xc3, 0x28, .. "\"}]"u8];
        var reader = new Utf8JsonReader(json);
        reader.Read();
        Assert.Equal(WirePayload.MalformedTag, Assert.Single(Read(ref reader))!.T);
    }

    private static void AssertSame(CommandFrame? expected, CommandFrame? actual)
    {
        var text = actual is null ? null : actual.Utf8Text is { } utf8 ? Encoding.UTF8.GetString(utf8.Span) : actual.Text;
        Assert.Equal(
            JsonSerializer.Serialize(expected, WireJson.Default.CommandFrame),
            JsonSerializer.Serialize(actual is null ? null : actual with { Text = text, Utf8Text = null }, WireJson.Default.CommandFrame));
    }

    private static CommandFrame?[] Read(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        return Read(ref reader);
    }

    /// <summary>Of two pieces, as a socket may bring it.</summary>
    private static CommandFrame?[] Read(string json, int cut)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var first = new Piece(bytes.AsMemory(0, cut), null);
        var reader = new Utf8JsonReader(new ReadOnlySequence<byte>(first, 0, new Piece(bytes.AsMemory(cut), first), bytes.Length - cut));
        reader.Read();
        return Read(ref reader);
    }

    private static CommandFrame?[] Read(ref Utf8JsonReader reader) => new CommandFramesConverter().Read(ref reader, typeof(CommandFrame[]), JsonSerializerOptions.Default);

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            if (before is not null)
            {
                before.Next = this;
                RunningIndex = before.RunningIndex + before.Memory.Length;
            }
        }
    }
}
