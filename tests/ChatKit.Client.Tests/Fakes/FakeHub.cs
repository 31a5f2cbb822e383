using ChatKit.Wire;
using Microsoft.AspNetCore.SignalR;

namespace ChatKit.Client.Tests.Fakes;

/// <summary>The server's side of docs/protocol.md, as the test says.</summary>
public sealed class FakeHub(FakeServer server) : Hub
{
    public HelloReply Hello(HelloRequest request) => server.OnHello(Context, request);

    public async Task Frames(IReadOnlyList<CommandFrame> commands) => await server.OnFramesAsync(Context, commands);
}
