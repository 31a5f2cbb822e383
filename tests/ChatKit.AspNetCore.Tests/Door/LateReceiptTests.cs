using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.Delivery;
using ChatKit.Sessions;
using ChatKit.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ChatKit.AspNetCore.Tests.Door;

/// <summary>When many marks move at once, a connection need not be told in a write of its own (rule 8: within 250 ms, the flush included).</summary>
public sealed class LateReceiptTests
{
    private static readonly UserId Anna = new("anna");
    private static readonly UserId Ben = new("ben");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(100, 180, true)]
    [InlineData(101, 180, false)]
    [InlineData(101, 181, true)]
    public async Task Rule_8_many_marks_wait_40_ms_for_company_unless_their_flush_has_taken_the_time(int marks, int flushMilliseconds, bool atOnce)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var host = await ChatHost.StartAsync(options =>
        {
            options.Build = builder => builder.Services.AddSingleton<TimeProvider>(clock);
            options.Chat = chat => chat.ReceiptFlushInterval = TimeSpan.FromMilliseconds(flushMilliseconds);
        });
        var sent = (await host.Chat.SendAsync(SendMessage.Direct(Anna, Ben, "hi"), Stop)).Value;
        var connection = new Connection();
        var hello = new HelloRequest { Versions = [1], Device = "phone" };
        var opened = await host.App.Services.GetRequiredService<SessionManager>().OpenAsync(Anna, hello, connection, Stop);
        Assert.NotNull(opened.Session);
        opened.Session.Pump.Begin();
        await opened.Session.Pump.CaughtUp;
        Assert.Equal(0, connection.Receipts);

        // Read marks, so that what is unread is told, too. A single connection is written to before publishing ends.
        var moved = Enumerable.Range(0, marks).Select(n => new Receipt(sent.Conversation, n == 0 ? Anna : new UserId($"other{n}"), sent.Seq, sent.Seq));
        await host.App.Services.GetRequiredService<IBackplane>().PublishAsync([new ReceiptsMoved(sent.Conversation, 0, [.. moved])], Stop);
        Assert.Equal(atOnce ? 1 : 0, connection.Receipts);
        Assert.Equal(atOnce ? 1 : 0, connection.Counts);

        clock.Advance(TimeSpan.FromMilliseconds(39));
        Assert.Equal(atOnce ? 1 : 0, connection.Receipts);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(SpinWait.SpinUntil(() => connection is { Receipts: 1, Counts: 1 }, TimeSpan.FromSeconds(30)));
    }

    private sealed class Connection : ISessionTransport
    {
        private int receipts;
        private int counts;

        public int Receipts => Volatile.Read(ref receipts);

        public int Counts => Volatile.Read(ref counts);

        public ValueTask SendAsync(IReadOnlyList<OutgoingEvent> events, CancellationToken cancellationToken)
        {
            Interlocked.Add(ref receipts, events.Count(static one => one.Frame.T == EventTags.Receipts));
            Interlocked.Add(ref counts, events.Count(static one => one.Frame.T == EventTags.Unread));
            return ValueTask.CompletedTask;
        }

        public ValueTask CloseAsync() => ValueTask.CompletedTask;

        public void Abort()
        {
        }
    }
}
