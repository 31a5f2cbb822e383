using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;

namespace ChatKit.Testing.Tests.Faults;

public sealed class FaultProxyTests : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider time = new();
    private readonly EchoServer server = new();
    private readonly FaultProxy proxy;
    private readonly List<TcpClient> clients = [];

    public FaultProxyTests() => proxy = FaultProxy.Start(server.Endpoint, time);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        clients.ForEach(static client => client.Dispose());
        await proxy.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_fault_bytes_pass_both_ways()
    {
        var client = await ConnectAsync();
        await SendAsync(client, 1);
        await ReadAsync(client, 1);
        Assert.Equal(1, proxy.Connections);
    }

    [Fact]
    public async Task An_end_that_closes_is_closed_for_the_other()
    {
        var client = await ConnectAsync();
        await SendAsync(client, 3);
        var stream = client.GetStream();
        client.Client.Shutdown(SocketShutdown.Send);
        await stream.ReadExactlyAsync(new byte[3], Cancelled);
        Assert.Equal(0, await stream.ReadAsync(new byte[1], Cancelled));
    }

    [Fact]
    public async Task A_cut_connection_is_reset_and_others_go_on()
    {
        var first = await ConnectAsync();
        var second = await ConnectAsync();
        Assert.True(proxy.Apply(new Fault(default, FaultKind.Cut, Victim: 1)));
        await Assert.ThrowsAsync<IOException>(async () => await ReadAsync(second, 1));
        await SendAsync(first, 2);
        await ReadAsync(first, 2);
    }

    [Fact]
    public async Task Cut_all_resets_everything()
    {
        var first = await ConnectAsync();
        var second = await ConnectAsync();
        proxy.Apply(new Fault(default, FaultKind.CutAll));
        await Assert.ThrowsAsync<IOException>(async () => await ReadAsync(first, 1));
        await Assert.ThrowsAsync<IOException>(async () => await ReadAsync(second, 1));
    }

    [Fact]
    public async Task A_delayed_connection_carries_everything_afterwards()
    {
        var client = await ConnectAsync();
        proxy.Apply(new Fault(default, FaultKind.Delay, Duration: Second));
        await SendAsync(client, 5);
        var other = await ConnectAsync();
        await SendAsync(other, 1);
        await ReadAsync(other, 1);
        Assert.Equal(3, server.Received); // Of each connection the byte that made it, and one; nothing of the five.
        time.Advance(Second);
        await ReadAsync(client, 5);
    }

    [Fact]
    public async Task A_throttled_connection_takes_the_time_the_bytes_need()
    {
        var client = await ConnectAsync();
        proxy.Apply(new Fault(default, FaultKind.Throttle, Duration: Second * 60, BytesPerSecond: 10));
        await SendAsync(client, 20);
        var answer = ReadAsync(client, 20);
        var needed = 0;
        while (!answer.IsCompleted)
        {
            // Two seconds up, two down.
            time.Advance(Second);
            needed++;
            await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancelled));
        }

        await answer;
        Assert.True(needed >= 4, $"20 bytes at 10 bytes a second took {needed} s both ways.");
    }

    [Theory]
    [InlineData(FaultKind.HalfOpenUp, false)]
    [InlineData(FaultKind.HalfOpenDown, true)]
    [InlineData(FaultKind.HalfOpenBoth, false)]
    public async Task A_half_open_connection_swallows_and_is_reset_at_the_end(FaultKind kind, bool arrives)
    {
        var client = await ConnectAsync();
        proxy.Apply(new Fault(default, kind, Duration: Second));
        await SendAsync(client, 7);
        if (arrives)
        {
            await Eventually(() => server.Received == 8);
        }

        var answer = ReadAsync(client, 7);
        Assert.False(answer.IsCompleted);
        time.Advance(Second);
        await Assert.ThrowsAsync<IOException>(() => answer);
        Assert.Equal(arrives ? 8 : 1, server.Received);
    }

    [Fact]
    public async Task A_held_connect_is_passed_by_a_later_one()
    {
        proxy.Apply(new Fault(default, FaultKind.HoldConnect, Duration: Second));
        var held = await DialAsync();
        await SendAsync(held, 1);
        await Eventually(() => proxy.Connections == 1);
        Assert.Equal(0, server.Received);
        await ConnectAsync();
        await ReadAsync(held, 1);
    }

    [Fact]
    public async Task A_held_connect_that_nobody_passes_goes_on_after_its_time()
    {
        proxy.Apply(new Fault(default, FaultKind.HoldConnect, Duration: Second));
        var held = await DialAsync();
        await SendAsync(held, 1);
        await Eventually(() => proxy.Connections == 1);
        time.Advance(Second);
        await ReadAsync(held, 1);
    }

    [Fact]
    public async Task A_script_happens_at_its_times()
    {
        var client = await ConnectAsync();
        var script = proxy.RunAsync(new FaultScript([new Fault(Second * 2, FaultKind.Cut)]), Cancelled);
        time.Advance(Second);
        await SendAsync(client, 1);
        await ReadAsync(client, 1);
        Assert.False(script.IsCompleted);
        time.Advance(Second);
        await script;
        await Assert.ThrowsAsync<IOException>(async () => await ReadAsync(client, 1));
    }

    [Fact]
    public async Task Calm_ends_what_is_wrong()
    {
        var client = await ConnectAsync();
        proxy.Apply(new Fault(default, FaultKind.Delay, Duration: Second));
        await SendAsync(client, 1);
        proxy.Calm();
        await ReadAsync(client, 1);
    }

    [Fact]
    public async Task A_host_that_is_gone_closes_the_connection()
    {
        await using var other = FaultProxy.Start(new IPEndPoint(IPAddress.Loopback, 1), time);
        using var client = new TcpClient();
        var e = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await client.ConnectAsync(other.Endpoint, Cancelled);
            await ReadAsync(client, 1);
        });
        Assert.True(e is IOException or SocketException, e.ToString());
    }

    private static async Task Eventually(Func<bool> fact)
    {
        while (!fact())
        {
            Cancelled.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static Task SendAsync(TcpClient client, int bytes) => client.GetStream().WriteAsync(new byte[bytes], Cancelled).AsTask();

    /// <exception cref="IOException">The connection was reset or closed.</exception>
    private static async Task ReadAsync(TcpClient client, int bytes) => await client.GetStream().ReadExactlyAsync(new byte[bytes], Cancelled);

    private async Task<TcpClient> DialAsync()
    {
        var client = new TcpClient();
        clients.Add(client);
        await client.ConnectAsync(proxy.Endpoint, Cancelled);
        return client;
    }

    /// <summary>Connects, and sees a byte through.</summary>
    private async Task<TcpClient> ConnectAsync()
    {
        var client = await DialAsync();
        await SendAsync(client, 1);
        await ReadAsync(client, 1);
        return client;
    }
}
