using ChatKit.Client.Tests.Fakes;
using ChatKit.Wire;

namespace ChatKit.Client.Tests;

/// <summary>A store that cannot write: told or tried again, never lost in silence.</summary>
public sealed class FailingStoreTests
{
    private static readonly ConversationId Group = new("g_1");

    private readonly FailingStore store = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_that_cannot_be_kept_is_refused_at_once_and_never_sent()
    {
        await using var server = await FakeServer.StartAsync();
        await using (var chat = new ChatClient(server.Options(store: store)))
        {
            await using var events = new EventReader(chat);
            await chat.StartAsync(Cancelled);
            store.Fails = true;
            var error = await Assert.ThrowsAsync<ChatClientException>(() => chat.Conversation(Group).SendAsync("lost", Cancelled));
            Assert.Equal(ChatErrorCode.Unavailable, error.Code);
            Assert.Equal(ClientStoreFault.Failed, Assert.IsType<ClientStoreException>(error.InnerException).Fault);
            Assert.Equal("lost", (await events.NextAsync<MessageRefused>()).Message.Text);
            Assert.Empty(chat.Conversation(Group).CachedMessages);
            store.Fails = false;
            await chat.Conversation(Group).SendAsync("kept", Cancelled);
            Assert.Equal("kept", (await server.NextAsync(CommandTags.Send)).Text);
        }

        await using var next = new ChatClient(server.Options(store: store));
        await next.LoadAsync(Cancelled);
        Assert.Equal("kept", Assert.Single(next.Conversation(Group).CachedMessages).Text);
    }

    [Fact]
    public async Task Rule_8_what_cannot_be_kept_is_not_acknowledged_and_comes_again()
    {
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options(store: store));
        await using var events = new EventReader(chat);
        await chat.StartAsync(Cancelled);
        await server.HelloAsync();
        await server.PushAsync(Say.Message("g_1", 1));
        await events.NextAsync<MessageReceived>();
        await server.NextAsync(CommandTags.Ack);
        store.Fails = true;
        await server.PushAsync(Say.Message("g_1", 2));
        var lost = await events.NextAsync<ConnectionChanged>(c => c.State == ChatConnectionState.Reconnecting);
        Assert.IsType<ClientStoreException>(lost.Error!.InnerException);
        Assert.Empty(events.Seen.OfType<MessageReceived>().Where(m => m.Message.Seq == 2));
        store.Fails = false;
        Assert.Equal([new WireCursor("g_1", 1)], (await server.HelloAsync()).Cursors!);
        await events.NextAsync<ConnectionChanged>(c => c.State == ChatConnectionState.Connected);
        await server.PushAsync(Say.Message("g_1", 2));
        await events.NextAsync<MessageReceived>(m => m.Message.Seq == 2);
        Assert.Equal([new WireCursor("g_1", 2)], (await server.NextAsync(CommandTags.Ack)).Cursors!);
    }

    [Fact]
    public async Task The_client_goes_on_when_the_store_can_write_again()
    {
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options(store: store));
        store.Fails = true;
        var starting = chat.StartAsync(Cancelled);
        await server.HelloAsync();
        await server.HelloAsync(); // the welcome could not be kept: once more
        Assert.False(starting.IsCompleted);
        store.Fails = false;
        await starting.WaitAsync(FakeServer.Patience, Cancelled);
        Assert.Equal(ChatConnectionState.Connected, chat.State);
    }
}
