using System.Text;
using ChatKit.AspNetCore.Hubs;
using ChatKit.Wire;

namespace ChatKit.AspNetCore.Tests.Door;

/// <summary>What is taken from SignalR's JSON protocol before SignalR: calls of <c>Frames</c> as its clients write them, and nothing else.</summary>
public sealed class FramesCallsTests
{
    private const string Ack = """{"t":"ack","cursors":[]}""";

    public static TheoryData<string> Others =>
    [
        "",
        """{"type":6}""",
        $$"""{"type":1,"target":"Frames","arguments":[[{{Ack}}]]}""" + "no separator",
        $$"""{"type":1,"invocationId":"1","target":"Frames","arguments":[[{{Ack}}]]}|""",
        $$"""{"type":1,"target":"frames","arguments":[[{{Ack}}]]}|""",
        $$"""{"type":1,"target":"Frames","arguments":[[{{Ack}}],1]}|""",
        $$"""{"type":1,"target":"Frames","arguments":[[{{Ack}}]],"streamIds":["1"]}|""",
        $$"""{"arguments":[[{{Ack}}]],"invocationId":"1","target":"Frames","type":1}|""",
        $$"""{"arguments":[[{{Ack}}]],"target":"Frames","type":1,"streamIds":["1"]}|""",
        $$"""{"headers":{"a":"b"},"type":1,"target":"Frames","arguments":[[{{Ack}}]]}|""",
        """{"type":1,"target":"Frames","arguments":[]}|""",
        """{"type":1,"target":"Frames","arguments":[{}]}|""",
        """{"type":1,"target":"Frames","arguments":[null]}|""",
        """{"type":1,"target":"Frames","arguments":[[{]]}|""",
        """{"type":1,"target":"Frames","arguments":[[]]} |""",
        """{"arguments":[],"target":"Frames","type":1}|""",
        $$"""{"type":1,"target":"Frames","arguments":[[{{Ack}}]]}|{"type":6}|""",
    ];

    [Theory]
    [InlineData("""{"type":1,"target":"Frames","arguments":[[{"t":"ack","cursors":[]}]]}|""", 1, 1)]
    [InlineData("""{"arguments":[[{"t":"ack","cursors":[]},{"t":"activity"}]],"target":"Frames","type":1}|""", 1, 2)]
    [InlineData("""{"type":1,"target":"Frames","arguments":[[]]}|{"type":1,"target":"Frames","arguments":[[{"t":"activity"}]]}|""", 2, 1)]
    public void Calls_are_read(string message, int count, int commands)
    {
        var calls = new List<CommandFrame?[]>();
        Assert.True(FramesCalls.TryRead(Bytes(message), calls));
        Assert.Equal(count, calls.Count);
        Assert.Equal(commands, calls.Sum(call => call.Length));
    }

    [Fact]
    public void A_malformed_command_is_one_of_its_call()
    {
        var calls = new List<CommandFrame?[]>();
        Assert.True(FramesCalls.TryRead(Bytes("""{"type":1,"target":"Frames","arguments":[[{"t":"send","id":7},{"t":"activity"}]]}|"""), calls));
        Assert.Equal([WirePayload.MalformedTag, "activity"], Assert.Single(calls).Select(command => command!.T));
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void What_is_anything_else_is_SignalRs(string message) =>
        Assert.False(message.Length > 0 && FramesCalls.TryRead(Bytes(message), []));

    private static byte[] Bytes(string message) => Encoding.UTF8.GetBytes(message.Replace('|', (char)FramesCalls.Separator));
}
