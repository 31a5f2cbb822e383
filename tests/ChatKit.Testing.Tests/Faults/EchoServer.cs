using System.Net;
using System.Net.Sockets;

namespace ChatKit.Testing.Tests.Faults;

/// <summary>Sends back what it gets, and remembers it.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly List<Task> running = [];
    private readonly Task accepting;
    private int received;

    public EchoServer()
    {
        listener.Start();
        accepting = AcceptAsync();
    }

    public IPEndPoint Endpoint => (IPEndPoint)listener.LocalEndpoint;

    /// <summary>How many bytes arrived.</summary>
    public int Received => Volatile.Read(ref received);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();

        // The loop first: a connection that arrived just now sends it round once more, and a stopped listener would throw there.
        await accepting;
        listener.Stop();
        await Task.WhenAll(running);
        stopping.Dispose();
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                running.Add(EchoAsync(await listener.AcceptTcpClientAsync(stopping.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task EchoAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var buffer = new byte[4096];
                for (int read; (read = await stream.ReadAsync(buffer, stopping.Token)) > 0;)
                {
                    Interlocked.Add(ref received, read);
                    await stream.WriteAsync(buffer.AsMemory(0, read), stopping.Token);
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // Reset, or stopped.
            }
        }
    }
}
