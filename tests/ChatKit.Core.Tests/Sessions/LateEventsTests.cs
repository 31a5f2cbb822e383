using ChatKit.Delivery;
using ChatKit.Sessions;
using ChatKit.Wire;
using Microsoft.Extensions.Time.Testing;

namespace ChatKit.Core.Tests.Sessions;

/// <summary>Events that may wait a moment leave with the next that may not, or when the moment is over (rule 8: a receipt is shown within 250 ms).</summary>
public sealed class LateEventsTests
{
    private static readonly OutgoingEvent Prompt = new(new EventFrame { T = EventTags.Unread });
    private static readonly OutgoingEvent Late = new(new EventFrame { T = EventTags.Receipts });
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider clock = new();
    private readonly Connection connection = new();
    private readonly SessionPump pump;

    public LateEventsTests()
    {
        pump = Pumps.Create("anna", connection, Pumps.Services(clock));
        pump.Begin();
    }

    [Fact]
    public void Rule_8_alone_they_leave_after_40_ms()
    {
        pump.Post(Late, mayWait: true);
        pump.Post(Late, mayWait: true);
        clock.Advance(TimeSpan.FromMilliseconds(39));
        Assert.Empty(connection.Writes);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["receipts receipts"], Written(1));
    }

    [Fact]
    public void Rule_8_a_busy_flush_and_the_wait_after_it_leave_the_store_30_ms_of_250() =>
        Assert.Equal(TimeSpan.FromMilliseconds(220), ReceiptService.MostInterval + LatePumps.Moment);

    [Fact]
    public void They_leave_in_the_write_of_the_next_event_and_before_it()
    {
        pump.Post(Late, mayWait: true);
        pump.Post(Prompt);
        Assert.Equal(["receipts unread"], Written(1));
        clock.Advance(TimeSpan.FromMilliseconds(40));
        pump.Post(Prompt);
        Assert.Equal(["receipts unread", "unread"], Written(2));
    }

    [Fact]
    public void The_end_of_a_write_is_no_reason_to_leave()
    {
        connection.Taken = new TaskCompletionSource();
        pump.Post(Prompt);
        Written(1);
        pump.Post(Late, mayWait: true);
        connection.Taken.SetResult();
        clock.Advance(TimeSpan.FromMilliseconds(39));
        Assert.Equal(["unread"], connection.Writes);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["unread", "receipts"], Written(2));
    }

    [Fact]
    public void Each_has_its_own_moment()
    {
        var services = Pumps.Services(clock);
        var (first, second) = (new Connection(), new Connection());
        var (one, other) = (Pumps.Create("anna", first, services), Pumps.Create("ben", second, services));
        one.Begin();
        other.Begin();
        one.Post(Late, mayWait: true);
        clock.Advance(TimeSpan.FromMilliseconds(30));
        other.Post(Late, mayWait: true);
        clock.Advance(TimeSpan.FromMilliseconds(10));
        Assert.True(SpinWait.SpinUntil(() => first.Writes.Count == 1, Patience));
        Assert.Empty(second.Writes);
        clock.Advance(TimeSpan.FromMilliseconds(30));
        Assert.True(SpinWait.SpinUntil(() => second.Writes.Count == 1, Patience));
    }

    [Fact]
    public void A_goodbye_takes_them_along()
    {
        pump.Post(Late, mayWait: true);
        pump.EndWith(new ChatError(ChatErrorCode.Overloaded, "Come back later."));
        Assert.Equal(["receipts goodbye"], Written(1));
    }

    private IReadOnlyList<string> Written(int writes)
    {
        Assert.True(SpinWait.SpinUntil(() => connection.Writes.Count >= writes, Patience), $"{connection.Writes.Count} of {writes}");
        return connection.Writes;
    }

    private sealed class Connection : ISessionTransport
    {
        private readonly List<string> writes = [];

        /// <summary>Completes when the connection has taken what is written; null: at once.</summary>
        public TaskCompletionSource? Taken { get; set; }

        public IReadOnlyList<string> Writes
        {
            get
            {
                lock (writes)
                {
                    return [.. writes];
                }
            }
        }

        public async ValueTask SendAsync(IReadOnlyList<OutgoingEvent> events, CancellationToken cancellationToken)
        {
            lock (writes)
            {
                writes.Add(string.Join(' ', events.Select(one => one.Frame.T)));
            }

            await (Taken?.Task ?? Task.CompletedTask);
        }

        public ValueTask CloseAsync() => ValueTask.CompletedTask;

        public void Abort()
        {
        }
    }
}
