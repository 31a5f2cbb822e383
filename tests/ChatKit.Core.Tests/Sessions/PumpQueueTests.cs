using ChatKit.Delivery;
using ChatKit.Sessions;
using ChatKit.Wire;

namespace ChatKit.Core.Tests.Sessions;

/// <summary>Pumps that have something to do run, whoever signals them and when.</summary>
public sealed class PumpQueueTests
{
    private static readonly OutgoingEvent Event = new(new EventFrame { T = EventTags.Unread });
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Whatever_is_posted_from_many_threads_is_written_to_the_last_event()
    {
        const int threads = 4, rounds = 3_000, pumpCount = 100;
        var pumps = Start(pumpCount);
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread =>
        {
            // The queue runs dry again and again: seeds differ, so that threads meet at its end.
            var random = new Random(thread);
            for (var i = 0; i < rounds; i++)
            {
                using var cork = PumpCork.Begin();
                for (var n = random.Next(40); n >= 0; n--)
                {
                    var (pump, transport) = pumps[random.Next(pumpCount)];
                    transport.Posted();
                    pump.Post(Event);
                }
            }
        });

        Assert.All(pumps, static one => Assert.True(SpinWait.SpinUntil(() => one.Transport.Written == one.Transport.Expected, Patience), $"{one.Transport.Written} of {one.Transport.Expected}"));
    }

    [Fact]
    public void Pumps_of_a_part_of_a_group_begin_before_the_end_of_the_cork_and_those_before_them_wait()
    {
        var pumps = Start(40);
        using (PumpCork.Begin())
        {
            pumps[0].Pump.Post(Event);
            var since = PumpCork.Waiting;
            foreach (var (pump, _) in pumps[1..])
            {
                pump.Post(Event);
            }

            PumpCork.Release(since);
            Assert.True(SpinWait.SpinUntil(() => pumps[1..].TrueForAll(static one => one.Transport.Written == 1), Patience));
            Assert.Equal(0, pumps[0].Transport.Written);
            Assert.Equal(since, PumpCork.Waiting);
        }

        Assert.True(SpinWait.SpinUntil(() => pumps[0].Transport.Written == 1, Patience));
    }

    private static List<(SessionPump Pump, CountingTransport Transport)> Start(int count)
    {
        var services = Pumps.Services(TimeProvider.System);
        var pumps = new List<(SessionPump, CountingTransport)>(count);
        for (var i = 0; i < count; i++)
        {
            var transport = new CountingTransport();
            var pump = Pumps.Create($"user{i}", transport, services);
            pump.Begin();
            pumps.Add((pump, transport));
        }

        return pumps;
    }

    private sealed class CountingTransport : ISessionTransport
    {
        private int expected;
        private int written;

        public int Expected => Volatile.Read(ref expected);

        public int Written => Volatile.Read(ref written);

        public void Posted() => Interlocked.Increment(ref expected);

        public ValueTask SendAsync(IReadOnlyList<OutgoingEvent> events, CancellationToken cancellationToken)
        {
            Interlocked.Add(ref written, events.Count);
            return ValueTask.CompletedTask;
        }

        public ValueTask CloseAsync() => ValueTask.CompletedTask;

        public void Abort() => throw new InvalidOperationException("Nothing was stuck.");
    }
}
