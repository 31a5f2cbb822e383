using System.Diagnostics;
using System.Globalization;

namespace ChatKit.Storage.Benchmarks;

/// <summary>Appends as fast as the callers can.</summary>
internal sealed class AppendBench(IMessageStore store, int conversations, int? server)
{
    private static readonly UserId Sender = new("3f2b7c1e-user");
    private static readonly byte[] Body = new byte[200];

    private readonly ConversationId[] _ids = [.. Enumerable.Range(0, conversations).Select(static _ => ConversationId.NewGroup())];

    public async Task CreateAsync()
    {
        foreach (var chunk in _ids.Chunk(500))
        {
            await store.AppendAsync([.. chunk.Select(static id => Request(id, EntryKind.Membership, 0))], CancellationToken.None);
        }
    }

    public async Task<string> RunAsync(int batch, int callers, TimeSpan duration)
    {
        await LoadAsync(batch, callers, duration / 4);
        var (own, servers, allocated, clock) = (CpuMeter.Own, CpuMeter.Of(server), GC.GetTotalAllocatedBytes(), Stopwatch.StartNew());
        var latencies = await LoadAsync(batch, callers, duration);
        var elapsed = clock.Elapsed;
        var messages = (double)latencies.Count * batch;
        latencies.Sort();
        return string.Create(CultureInfo.InvariantCulture,
            $"| {batch} | {callers} | {messages / elapsed.TotalSeconds:N0} | {latencies[latencies.Count / 2]:0.00} | {latencies[(int)(latencies.Count * 0.99)]:0.00} | {(CpuMeter.Own - own).TotalMicroseconds / messages:0.0} | {(CpuMeter.Of(server) - servers).TotalMicroseconds / messages:0.0} | {(GC.GetTotalAllocatedBytes() - allocated) / messages:N0} |");
    }

    private static AppendRequest Request(ConversationId conversation, EntryKind kind, long version) => new()
    {
        Conversation = conversation,
        Sender = Sender,
        Device = "phone",
        Command = CommandId.New(),
        PayloadHash = 1,
        Header = new EntryHeader { Kind = kind, Counts = kind == EntryKind.Message },
        Body = Body,
        MembershipVersion = version,
    };

    private async Task<List<double>> LoadAsync(int batch, int callers, TimeSpan duration)
    {
        var clock = Stopwatch.StartNew();
        var all = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller + Environment.TickCount);
            List<double> latencies = [];
            while (clock.Elapsed < duration)
            {
                AppendRequest[] requests = [.. Enumerable.Range(0, batch).Select(_ => Request(_ids[random.Next(_ids.Length)], EntryKind.Message, 1))];
                var started = Stopwatch.GetTimestamp();
                var results = await store.AppendAsync(requests, CancellationToken.None);
                latencies.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                if (results.Any(static result => result.Outcome != AppendOutcome.Appended))
                {
                    throw new InvalidOperationException("A message was refused.");
                }
            }

            return latencies;
        })));
        return [.. all.SelectMany(static latencies => latencies)];
    }
}
