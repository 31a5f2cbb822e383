using System.Text;
using BenchmarkDotNet.Attributes;
using ChatKit.Delivery;
using ChatKit.Wire;

namespace ChatKit.Benchmarks;

/// <summary>One command read, one entry written.</summary>
[MemoryDiagnoser]
public class WireBenchmarks
{
    private static readonly byte[] Command = Encoding.UTF8.GetBytes(
        "[{\"t\":\"send\",\"id\":\"0192f0c2-1\",\"conversation\":\"d_qCvJzYtGQbD4l8rYwq3v0C8m1n5o7p9q\",\"text\":\"" + new string('x', 200) + "\"}]");

    private static readonly LogEntry Entry = new()
    {
        Conversation = new ConversationId("d_qCvJzYtGQbD4l8rYwq3v0C8m1n5o7p9q"),
        Seq = 1234,
        AcceptedAt = DateTimeOffset.UnixEpoch,
        Sender = new UserId("ann"),
        Command = new CommandId("0192f0c2-1"),
        Header = new EntryHeader { Kind = EntryKind.Message, Counts = true },
        Body = Encoding.UTF8.GetBytes(new string('x', 200)),
        MembershipVersion = 1,
        Version = 1234,
    };

    [Benchmark]
    public CommandFrame[]? ReadCommand() => Door.Read(Command);

    [Benchmark]
    public int WriteEntry() => WireMapper.EntryEvent(Entry).Json.Length;
}
