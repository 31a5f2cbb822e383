using ChatKit.Delivery;
using ChatKit.Sessions;
using ChatKit.Wire;
using Microsoft.Extensions.Time.Testing;

namespace ChatKit.Core.Tests.Sessions;

/// <summary>What a connection's pump decides by itself.</summary>
public sealed class SessionPumpTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly ConversationId Conversation = new("g_test");

    [Fact]
    public void Rule_9_a_write_that_does_not_end_cuts_the_connection()
    {
        var (pump, transport, clock) = Writing();
        clock.Advance(Timeout + TimeSpan.FromSeconds(1));
        pump.CutIfStuck(Timeout);
        pump.CutIfStuck(Timeout);
        Assert.True(transport.Aborted);
    }

    [Fact]
    public void A_clock_that_jumps_during_a_write_does_not_cut_it()
    {
        var (pump, transport, clock) = Writing();
        clock.Advance(Timeout + TimeSpan.FromSeconds(1));
        pump.CutIfStuck(Timeout);
        transport.Written.SetResult();
        Write(pump, transport); // The first write has ended.
        pump.CutIfStuck(Timeout);
        Assert.False(transport.Aborted);
    }

    [Fact]
    public void Entries_before_the_position_of_Hello_may_be_the_users_own()
    {
        var pump = Pump(new BlockedTransport(), new FakeTimeProvider());
        pump.Track(Conversation, 9, 9);
        pump.Track(Conversation, 12, 12);
        Assert.True(pump.IsAuthorWithin(Conversation, from: 11, to: 12));
        Assert.False(pump.IsAuthorWithin(Conversation, from: 12, to: 12));
        pump.Wrote(Conversation, 13);
        Assert.True(pump.IsAuthorWithin(Conversation, from: 12, to: 12));
    }

    private static (SessionPump Pump, BlockedTransport Transport, FakeTimeProvider Clock) Writing()
    {
        var transport = new BlockedTransport();
        var clock = new FakeTimeProvider();
        var pump = Pump(transport, clock);
        pump.Begin();
        Write(pump, transport);
        return (pump, transport, clock);
    }

    private static void Write(SessionPump pump, BlockedTransport transport)
    {
        pump.Post(new OutgoingEvent(new EventFrame { T = EventTags.Unread }));
        Assert.True(transport.Begun.Wait(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
    }

    private static SessionPump Pump(ISessionTransport transport, TimeProvider time) => Pumps.Create("anna", transport, Pumps.Services(time));

    private sealed class BlockedTransport : ISessionTransport
    {
        public TaskCompletionSource Written { get; } = new();

        public SemaphoreSlim Begun { get; } = new(0);

        public bool Aborted { get; private set; }

        public async ValueTask SendAsync(IReadOnlyList<OutgoingEvent> events, CancellationToken cancellationToken)
        {
            Begun.Release();
            await Written.Task;
        }

        public ValueTask CloseAsync() => ValueTask.CompletedTask;

        public void Abort() => Aborted = true;
    }
}
