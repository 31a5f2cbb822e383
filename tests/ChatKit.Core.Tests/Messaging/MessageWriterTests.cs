using System.Text;
using ChatKit.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ChatKit.Core.Tests.Messaging;

/// <summary>How commands become batches, and how many batches are in the store at once.</summary>
public sealed class MessageWriterTests
{
    private const int Conversations = 16;
    private const int Little = 100;
    private const int Much = 640;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_waits_together_is_one_batch_whatever_its_lanes()
    {
        // Rule 4. Two small batches side by side would cost the store more than one.
        await using var engine = await Engine.StartAsync(useful: 2);
        var (first, release) = await engine.HoldAsync();
        var rest = engine.SendAll(Little);
        release.SetResult();
        await first;
        await Task.WhenAll(rest);

        Assert.Equal([1, Little], engine.Store.Batches[^2..]);
        Assert.Equal(1, engine.Store.Most);
    }

    [Fact]
    public async Task Much_that_waits_gets_a_second_writer_and_every_conversation_keeps_its_order()
    {
        await using var engine = await Engine.StartAsync(useful: 2);
        var (first, release) = await engine.HoldAsync();
        var rest = engine.SendAll(Much);
        await engine.Store.AtOnceAsync(2).WaitAsync(Stop); // It begins while the first one is held.
        release.SetResult();
        await first;
        await Task.WhenAll(rest);

        Assert.Equal(2, engine.Store.Most);
        Assert.Null(engine.Store.Twice); // rule 6
        await engine.AssertOrderAsync(Much);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    public async Task A_store_or_a_host_that_wants_one_writer_gets_one(int useful, int writers)
    {
        await using var engine = await Engine.StartAsync(useful, writers);
        var (first, release) = await engine.HoldAsync();
        var rest = engine.SendAll(Much);
        release.SetResult();
        await first;
        await Task.WhenAll(rest);

        Assert.Equal(1, engine.Store.Most);
        Assert.Equal([1, 500, Much - 500], engine.Store.Batches[^3..]);
        await engine.AssertOrderAsync(Much);
    }

    [Fact]
    public async Task A_batch_takes_no_more_than_it_may_also_from_several_lanes()
    {
        await using var engine = await Engine.StartAsync(useful: 2, batchItems: 7);
        var (first, release) = await engine.HoldAsync();
        var rest = engine.SendAll(Little);
        release.SetResult();
        await first;
        await Task.WhenAll(rest);

        Assert.All(engine.Store.Batches, static count => Assert.InRange(count, 1, 7 + 1)); // One more: a creation.
        Assert.Null(engine.Store.Twice);
        await engine.AssertOrderAsync(Little);
    }

    [Fact]
    public async Task A_host_that_stops_answers_what_both_writers_have()
    {
        var engine = await Engine.StartAsync(useful: 2);
        var (first, release) = await engine.HoldAsync();
        var rest = engine.SendAll(Much);
        await engine.Store.AtOnceAsync(2).WaitAsync(Stop);
        var stopping = engine.DisposeAsync();
        release.SetResult();
        await stopping;
        await first;
        await Task.WhenAll(rest);
    }

    private sealed class Engine : IAsyncDisposable
    {
        private static readonly UserId Ann = new("ann");
        private readonly IHost host;

        private Engine(IHost host, SlowStore store)
        {
            this.host = host;
            Store = store;
        }

        public SlowStore Store { get; }

        private IChatKit Chat => host.Services.GetRequiredService<IChatKit>();

        public static async Task<Engine> StartAsync(int useful, int writers = 0, int batchItems = 500)
        {
            var builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Services.AddChatKitCore().UseInMemory();
            builder.Services.Configure<ChatKitOptions>(options =>
            {
                options.Writers = writers;
                options.WriterBatchItems = batchItems;
            });
            SlowStore? store = null;
            builder.Services.Wrap<IMessageStore>(real => store = new SlowStore(real, useful));
            var host = builder.Build();
            await host.StartAsync(Stop);
            var engine = new Engine(host, store!);
            for (var peer = 0; peer < Conversations; peer++)
            {
                await engine.SendAsync(peer, "begin");
            }

            return engine;
        }

        /// <summary>Sends one, which the store holds until it is released.</summary>
        public async Task<(Task First, TaskCompletionSource Release)> HoldAsync()
        {
            var release = new TaskCompletionSource();
            Store.Hold(release.Task);
            var first = SendAsync(0, "first");
            await Store.AtOnceAsync(1).WaitAsync(Stop);
            return (first, release);
        }

        public Task[] SendAll(int count) => [.. Enumerable.Range(0, count).Select(n => SendAsync(n % Conversations, $"{n}"))];

        public async Task AssertOrderAsync(int count)
        {
            for (var peer = 0; peer < Conversations; peer++)
            {
                var log = (await Store.ReadAsync([new LogRange(ConversationId.Direct(Ann, Peer(peer)), 1, long.MaxValue, 1000)], Stop))[0];
                Assert.Equal(Enumerable.Range(1, log.Count).Select(static n => (long)n), log.Select(static entry => entry.Seq)); // rule 1
                Assert.Equal(
                    Enumerable.Range(0, count).Where(n => n % Conversations == peer).Select(static n => $"{n}"),
                    log.Select(static entry => Encoding.UTF8.GetString(entry.Body.Span)).Where(static text => char.IsAsciiDigit(text[0])));
            }
        }

        public async ValueTask DisposeAsync()
        {
            await host.StopAsync(Stop);
            host.Dispose();
        }

        private static UserId Peer(int peer) => new($"peer{peer}");

        private async Task SendAsync(int peer, string text)
        {
            var sent = await Chat.SendAsync(SendMessage.Direct(Ann, Peer(peer), text), Stop);
            Assert.True(sent.IsSuccess);
        }
    }
}
