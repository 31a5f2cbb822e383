using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace ChatKit.AspNetCore.Tests.Hosting;

/// <summary>A WebSocket to the hub that sends any bytes and shows the bytes that come: for malformed frames and for what is exactly on the wire.</summary>
internal sealed class RawSocket : IAsyncDisposable
{
    public const char Separator = '\u001e';
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly ClientWebSocket socket = new();
    private readonly StringBuilder pending = new();

    public ClientWebSocketOptions Options => socket.Options;

    public async Task ConnectAsync(Uri hub)
    {
        var address = new UriBuilder(hub) { Scheme = hub.Scheme == Uri.UriSchemeHttps ? "wss" : "ws" }.Uri;
        await socket.ConnectAsync(address, TestContext.Current.CancellationToken);
    }

    public async Task HandshakeAsync()
    {
        await SendAsync("{\"protocol\":\"json\",\"version\":1}");
        Assert.Equal("{}", await ReadAsync());
    }

    public Task SendAsync(string message) => socket.SendAsync(
        Encoding.UTF8.GetBytes(message + Separator), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);

    /// <summary>The next message but pings; null when the server has closed.</summary>
    public async Task<string?> ReadAsync()
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(Patience);
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var text = pending.ToString();
            var end = text.IndexOf(Separator, StringComparison.Ordinal);
            if (end >= 0)
            {
                pending.Remove(0, end + 1);
                if (text[..end] is not "{\"type\":6}")
                {
                    return text[..end];
                }

                continue;
            }

            var read = await socket.ReceiveAsync(buffer, late.Token);
            if (read.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            pending.Append(Encoding.UTF8.GetString(buffer, 0, read.Count));
        }
    }

    /// <summary>Calls a method of the hub and gives the completion; events that come before it are added to the list.</summary>
    public async Task<JsonElement> InvokeAsync(string id, string target, string arguments, IList<JsonElement>? events = null)
    {
        await SendAsync($$"""{"type":1,"invocationId":"{{id}}","target":"{{target}}","arguments":{{arguments}}}""");
        return await ReadUntilAsync(message => message.TryGetProperty("invocationId", out var of) && of.GetString() == id, events);
    }

    /// <summary>Reads until a message fits.</summary>
    public async Task<JsonElement> ReadUntilAsync(Func<JsonElement, bool> fits, IList<JsonElement>? events = null)
    {
        while (await ReadAsync() is { } text)
        {
            var message = JsonDocument.Parse(text).RootElement;
            if (message.TryGetProperty("target", out var target) && target.GetString() == "events")
            {
                foreach (var one in message.GetProperty("arguments")[0].EnumerateArray())
                {
                    events?.Add(one);
                }
            }

            if (fits(message))
            {
                return message;
            }
        }

        throw new InvalidOperationException("The server closed the connection.");
    }

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
