using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ChatKit.Load.Clients;

namespace ChatKit.Load.Tests;

public sealed class LoadConnectionTests
{
    private const int Messages = 30_000;
    private static readonly byte[] Text = Encoding.ASCII.GetBytes(new string('x', 400));

    [Fact]
    public async Task What_the_server_does_not_take_at_once_leaves_later_whole_and_in_order()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var reactor = new Reactor(1);
        var failures = new Failures();
        using var connection = new PlainHubConnection("ann", failures);
        var opening = connection.OpenAsync(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/hub"), reactor, TestContext.Current.CancellationToken);
        using var server = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var stream = server.GetStream();
        await ReadToAsync(stream, "\r\n\r\n");
        await stream.WriteAsync("HTTP/1.1 101 Switching Protocols\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Contains("json", await ReadFrameAsync(stream), StringComparison.Ordinal);
        await stream.WriteAsync((byte[])[0x81, 3, (byte)'{', (byte)'}', 0x1e], TestContext.Current.CancellationToken);
        await opening;

        // Some 16 MB, more than the sockets hold, and nobody reads yet.
        for (var i = 0; i < Messages; i++)
        {
            connection.Send("bob"u8, Encoding.ASCII.GetBytes($"{i:d8}"), Text);
            connection.Flush();
        }

        for (var i = 0; i < Messages; i++)
        {
            Assert.Contains($"\"invocationId\":\"{i:d8}\"", await ReadFrameAsync(stream), StringComparison.Ordinal);
        }

        Assert.Null(failures.First);
    }

    private static async Task ReadToAsync(NetworkStream stream, string end)
    {
        var text = "";
        var one = new byte[1];
        while (!text.EndsWith(end, StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, TestContext.Current.CancellationToken);
            text += (char)one[0];
        }
    }

    private static async Task<string> ReadFrameAsync(NetworkStream stream)
    {
        var head = new byte[2];
        await stream.ReadExactlyAsync(head, TestContext.Current.CancellationToken);
        var length = head[1] & 0x7f;
        Assert.True(length < 127);
        if (length == 126)
        {
            await stream.ReadExactlyAsync(head, TestContext.Current.CancellationToken);
            length = BinaryPrimitives.ReadUInt16BigEndian(head);
        }

        var rest = new byte[4 + length]; // The mask is 0.
        await stream.ReadExactlyAsync(rest, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(rest.AsSpan(4));
    }

    private sealed class Failures : ITraffic
    {
        public string? First { get; private set; }

        public void OnAccepted(ReadOnlySpan<byte> id)
        {
        }

        public void OnReceived(ReadOnlySpan<byte> id, bool own)
        {
        }

        public void OnReceipt()
        {
        }

        public void OnFailure(string why) => First ??= why;
    }
}
