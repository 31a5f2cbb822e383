using System.Text;
using ChatKit.Messaging;
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

    [Fact]
    public async Task Entries_for_many_are_handed_on_while_the_store_has_the_next_batch()
    {
        await using var engine = await Engine.StartAsync(useful: 1);
        var group = await engine.CreateGroupAsync();
        var begun = engine.Store.Batches.Count;
        engine.Backplane.Watch(group, () => engine.Store.Batches.Count - begun);
        var (first, release) = await engine.HoldAsync(group);
        var second = engine.SendAsync(group, "second");
        engine.Store.Hold(Task.CompletedTask);
        release.SetResult();
        await first;
        await second;

        Assert.Equal([2, 2], engine.Backplane.Seen); // Both were in the store, or had been, when the first one's entry went out.
    }

    [Fact]
    public async Task Entries_for_many_are_handed_on_also_when_the_store_refuses_the_next_batch()
    {
        await using var engine = await Engine.StartAsync(useful: 1);
        var group = await engine.CreateGroupAsync();
        engine.Backplane.Watch(group, static () => 1);
        var (first, release) = await engine.HoldAsync(group);
        var second = engine.TrySendAsync(group, "second");
        engine.Store.Hold(Task.FromException(new ChatStoreException("The disk is full.", isTransient: false)));
        release.SetResult();
        await first;

        Assert.Equal(ChatErrorCode.Unavailable, (await second).Error?.Code);
        Assert.Equal([1], engine.Backplane.Seen);
    }

    [Fact]
    public async Task A_fault_while_entries_are_handed_on_is_not_the_next_batchs()
    {
        await using var engine = await Engine.StartAsync(useful: 1);
        var group = await engine.CreateGroupAsync();
        var (first, release) = await engine.HoldAsync(group);
        var faulty = new FaultyCompletion();
        engine.Enqueue(group, faulty);
        var behind = engine.TrySendAsync(group, "behind");
        var next = new TaskCompletionSource();
        engine.Store.Hold(next.Task);
        release.SetResult();
        await first;
        var second = engine.TrySendAsync(group, "second"); // Waits while the store has the batch of the faulty one.
        next.SetResult();

        Assert.Equal(ChatErrorCode.Unavailable, (await faulty.Refusal.Task.WaitAsync(Stop)).Code);
        Assert.Equal(ChatErrorCode.Unavailable, (await behind).Error?.Code); // It is stored; whoever sends it again learns so.
        Assert.True((await second).IsSuccess);
    }

    private sealed class Engine : IAsyncDisposable
    {
        private static readonly UserId Ann = new("ann");
        private readonly IHost host;

        private Engine(IHost host, SlowStore store, WatchedBackplane backplane)
        {
            this.host = host;
            Store = store;
            Backplane = backplane;
        }

        public SlowStore Store { get; }

        public WatchedBackplane Backplane { get; }

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
            WatchedBackplane? backplane = null;
            builder.Services.Wrap<IBackplane>(real => backplane = new WatchedBackplane(real));
            var host = builder.Build();
            await host.StartAsync(Stop);
            var engine = new Engine(host, store!, backplane!);
            for (var peer = 0; peer < Conversations; peer++)
            {
                await engine.SendAsync(peer, "begin");
            }

            return engine;
        }

        /// <summary>Sends one, which the store holds until it is released.</summary>
        public Task<(Task First, TaskCompletionSource Release)> HoldAsync() => HoldAsync(ConversationId.Direct(Ann, Peer(0)));

        public async Task<(Task First, TaskCompletionSource Release)> HoldAsync(ConversationId conversation)
        {
            var release = new TaskCompletionSource();
            Store.Hold(release.Task);
            var first = SendAsync(conversation, "first");
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

        /// <summary>A group large enough for its entries to be handed on beside the next batch.</summary>
        public async Task<ConversationId> CreateGroupAsync()
        {
            var created = await Chat.CreateGroupAsync(
                new CreateGroup { By = Ann, Title = "many", Members = [.. Enumerable.Range(0, 64).Select(Peer)] }, Stop);
            Assert.True(created.IsSuccess);
            return created.Value.Conversation;
        }

        public async Task<ChatResult<SentMessage>> TrySendAsync(ConversationId conversation, string text) =>
            await Chat.SendAsync(SendMessage.Text(Ann, conversation, text), Stop);

        public async Task SendAsync(ConversationId conversation, string text) => Assert.True((await TrySendAsync(conversation, text)).IsSuccess);

        public void Enqueue(ConversationId conversation, IWriteCompletion completion)
        {
            var header = new EntryHeader { Kind = EntryKind.Message };
            var body = "faulty"u8.ToArray();
            host.Services.GetRequiredService<MessageWriter>().Enqueue(new WriteItem
            {
                Request = new AppendRequest
                {
                    Conversation = conversation,
                    Sender = Ann,
                    Command = CommandId.New(),
                    Header = header,
                    Body = body,
                    PayloadHash = PayloadHashes.Of(header, body),
                    MembershipVersion = 0,
                },
                Completion = completion,
            });
        }

        private static UserId Peer(int peer) => new($"peer{peer}");

        private async Task SendAsync(int peer, string text)
        {
            var sent = await Chat.SendAsync(SendMessage.Direct(Ann, Peer(peer), text), Stop);
            Assert.True(sent.IsSuccess);
        }
    }
}
