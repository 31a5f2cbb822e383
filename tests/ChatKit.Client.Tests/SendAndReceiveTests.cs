using ChatKit.Client.Tests.Fakes;
using ChatKit.Wire;

namespace ChatKit.Client.Tests;

public sealed class SendAndReceiveTests
{
    [Fact]
    public async Task Connects_sends_and_receives()
    {
        await using var server = await FakeServer.StartAsync();
        server.Answer = c => c.T == CommandTags.Send ? [Say.Accepted(c, "d_1", 2)] : [];
        await using var chat = new ChatClient(server.Options());
        await using var events = new EventReader(chat);
        await chat.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(ChatConnectionState.Connected, chat.State);
        Assert.Equal("ann", chat.User!.Value.Value);
        var hello = await server.HelloAsync();
        Assert.Equal([1], hello.Versions!);
        Assert.Equal("d1", hello.Device);
        Assert.Null(hello.Incarnation);
        Assert.Null(hello.Cursors);

        var sent = await chat.Direct("bob").SendAsync("Hi", TestContext.Current.CancellationToken);
        var accepted = await sent.Accepted.WaitAsync(FakeServer.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(new SentMessage(new ConversationId("d_1"), 2, Say.At, sent.Command, false), accepted);
        var frame = await server.NextAsync(CommandTags.Send);
        Assert.Equal(("bob", "Hi", null), (frame.To, frame.Text, frame.Conversation));

        await server.PushAsync(Say.Message("d_1", 3, text: "Hello Ann"));
        var received = await events.NextAsync<MessageReceived>();
        Assert.Equal(("Hello Ann", 3, "bob"), (received.Message.Text, received.Message.Seq, received.Message.From!.Value.Value));
    }
}
