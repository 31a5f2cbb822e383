using System.Net;
using System.Net.Sockets;

namespace ChatKit.Testing;

/// <summary>One connection through the proxy: two sockets, two directions, and what is wrong with them at the moment.</summary>
internal sealed class ProxyConnection(Socket client, TimeProvider time) : IDisposable
{
    private const int BufferBytes = 16 * 1024;

    private readonly Lock gate = new();
    private readonly CancellationTokenSource ended = new();
    private readonly Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private TaskCompletionSource? paused;
    private ITimer? timer;
    private int bytesPerSecond;
    private bool swallowUp;
    private bool swallowDown;
    private bool closed;

    /// <summary>Carries bytes until an end or a fault closes the connection.</summary>
    public async Task RunAsync(IPEndPoint target)
    {
        try
        {
            client.NoDelay = server.NoDelay = true;
            await server.ConnectAsync(target, ended.Token);
            await Task.WhenAll(PumpAsync(client, server, up: true), PumpAsync(server, client, up: false));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The server is not there, an end reset the connection, or a fault did.
        }
        finally
        {
            Cut();
        }
    }

    /// <summary>Resets both ends.</summary>
    public void Cut()
    {
        lock (gate)
        {
            if (closed)
            {
                return;
            }

            closed = true;
            timer?.Dispose();
            paused?.TrySetResult();
            foreach (var socket in new[] { client, server })
            {
                try
                {
                    // Without lingering a close is a reset: what is on the way is lost, as when a machine dies.
                    socket.LingerState = new LingerOption(true, 0);
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException)
                {
                    // It was never connected, or is closed.
                }

                socket.Dispose();
            }
        }

        ended.Cancel();
    }

    public void Apply(Fault fault)
    {
        lock (gate)
        {
            if (closed)
            {
                return;
            }

            switch (fault.Kind)
            {
                case FaultKind.Delay:
                    paused ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    break;
                case FaultKind.Throttle:
                    bytesPerSecond = Math.Max(1, fault.BytesPerSecond);
                    break;
                case FaultKind.HalfOpenUp or FaultKind.HalfOpenDown or FaultKind.HalfOpenBoth:
                    swallowUp |= fault.Kind != FaultKind.HalfOpenDown;
                    swallowDown |= fault.Kind != FaultKind.HalfOpenUp;
                    break;
                default:
                    throw new ArgumentException($"{fault.Kind} is not a fault of one connection.", nameof(fault));
            }

            timer?.Dispose();
            timer = time.CreateTimer(_ => Calm(), null, fault.Duration, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Ends whatever is wrong.</summary>
    public void Calm()
    {
        bool broken;
        lock (gate)
        {
            bytesPerSecond = 0;
            paused?.TrySetResult();
            paused = null;
            broken = swallowUp || swallowDown;
        }

        if (broken)
        {
            Cut();
        }
    }

    public void Dispose() => Cut();

    private async Task PumpAsync(Socket from, Socket to, bool up)
    {
        var buffer = new byte[BufferBytes];
        while (true)
        {
            var read = await from.ReceiveAsync(buffer, ended.Token);
            Task? wait;
            int rate;
            bool swallow;
            lock (gate)
            {
                wait = paused?.Task;
                rate = bytesPerSecond;
            }

            if (wait is not null)
            {
                await wait;
            }

            if (rate > 0)
            {
                await Task.Delay(TimeSpan.FromSeconds((double)read / rate), time, ended.Token);
            }

            lock (gate)
            {
                swallow = up ? swallowUp : swallowDown;
            }

            if (swallow && read > 0)
            {
                continue;
            }

            if (read == 0)
            {
                if (!swallow)
                {
                    to.Shutdown(SocketShutdown.Send);
                }

                return;
            }

            for (var sent = 0; sent < read;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), ended.Token);
            }
        }
    }
}
