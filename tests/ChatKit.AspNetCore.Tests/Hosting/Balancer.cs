using System.Net;
using System.Net.Sockets;

namespace ChatKit.AspNetCore.Tests.Hosting;

/// <summary>A load balancer: passes every new TCP connection to the port that is its target then.</summary>
internal sealed class Balancer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly List<Task> pipes = [];
    private readonly Task accepting;

    public Balancer(int target)
    {
        Target = target;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Target { get; set; }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();

        // The loop first: a connection that arrived just now sends it round once more, and a stopped listener would throw there.
        await accepting;
        listener.Stop();
        await Task.WhenAll(pipes);
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                pipes.Add(PipeAsync(await listener.AcceptTcpClientAsync(stopping.Token), Target));
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    private async Task PipeAsync(TcpClient from, int target)
    {
        using var client = from;
        using var server = new TcpClient();
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, target, stopping.Token);
            client.NoDelay = server.NoDelay = true;
            var there = client.GetStream().CopyToAsync(server.GetStream(), stopping.Token);
            var back = server.GetStream().CopyToAsync(client.GetStream(), stopping.Token);
            await Task.WhenAny(there, back);
            server.Close();
            client.Close();
            await Task.WhenAll(there, back);
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side is gone, and so the other.
        }
    }
}
