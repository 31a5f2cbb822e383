using System.Net;
using System.Net.Sockets;

namespace ChatKit.Testing;

/// <summary>A TCP proxy on the loopback between clients and a host, which does to their connections what networks do. Thread-safe.</summary>
/// <remarks>The target may die and come back: what is connected to it is closed, and connects meanwhile are refused.</remarks>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly List<ProxyConnection> connections = [];
    private readonly Queue<(TaskCompletionSource Pass, ITimer Timer)> held = new();
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource stopping = new();
    private readonly IPEndPoint target;
    private readonly TimeProvider time;
    private readonly Task accepting;
    private readonly List<Task> running = [];
    private Fault? holdNext;

    private FaultProxy(IPEndPoint target, TimeProvider time)
    {
        this.target = target;
        this.time = time;
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(512);
        Endpoint = (IPEndPoint)listener.LocalEndPoint!;
        accepting = AcceptAsync();
    }

    /// <summary>Where the proxy listens: on the loopback, on a port of the system's choice.</summary>
    public IPEndPoint Endpoint { get; }

    /// <summary>How many connections are open or being opened.</summary>
    public int Connections
    {
        get
        {
            lock (gate)
            {
                return connections.Count;
            }
        }
    }

    /// <summary>Starts a proxy; it does no harm until told.</summary>
    /// <param name="target">Where the host listens.</param>
    /// <param name="timeProvider">The clock of durations; null for the system's.</param>
    /// <returns>The running proxy.</returns>
    public static FaultProxy Start(IPEndPoint target, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        return new FaultProxy(target, timeProvider ?? TimeProvider.System);
    }

    /// <summary>Starts a proxy for a host whose address is an <c>http</c> one on the loopback.</summary>
    /// <param name="server">The host's address, with its port.</param>
    /// <param name="timeProvider">The clock of durations; null for the system's.</param>
    /// <returns>The running proxy; <see cref="Through"/> gives the address to connect to.</returns>
    public static FaultProxy Start(Uri server, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        return Start(new IPEndPoint(IPAddress.Loopback, server.Port), timeProvider);
    }

    /// <summary>The address that leads through the proxy.</summary>
    /// <param name="server">The host's own address.</param>
    /// <returns>The same with the proxy's host and port.</returns>
    public Uri Through(Uri server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return new UriBuilder(server) { Host = "127.0.0.1", Port = Endpoint.Port }.Uri;
    }

    /// <summary>Lets a script happen, from now on.</summary>
    /// <param name="script">The script.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>A task that completes after the last fault has begun; faults with a duration may last longer (see <see cref="Calm"/>).</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task RunAsync(FaultScript script, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(script);
        var began = time.GetTimestamp();
        foreach (var fault in script.Faults)
        {
            var wait = fault.At - time.GetElapsedTime(began);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken);
            }

            cancellationToken.ThrowIfCancellationRequested();
            Apply(fault);
        }
    }

    /// <summary>Lets one fault happen now; its <see cref="Fault.At"/> is ignored. Without a connection there is no victim, and nothing happens.</summary>
    /// <param name="fault">The fault.</param>
    /// <returns>Whether it had a victim.</returns>
    public bool Apply(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ProxyConnection? victim;
        ProxyConnection[] all;
        lock (gate)
        {
            if (fault.Kind == FaultKind.HoldConnect)
            {
                holdNext = fault;
                return true;
            }

            all = [.. connections];
            victim = all.Length == 0 ? null : all[fault.Victim % all.Length];
        }

        switch (fault.Kind)
        {
            case FaultKind.CutAll:
                Array.ForEach(all, static one => one.Cut());
                break;
            case FaultKind.Cut:
                victim?.Cut();
                break;
            default:
                victim?.Apply(fault);
                break;
        }

        return victim is not null;
    }

    /// <summary>Good weather: delays and throttles end, half-open connections are reset, held connects pass.</summary>
    public void Calm()
    {
        ProxyConnection[] all;
        lock (gate)
        {
            holdNext = null;
            Release();
            all = [.. connections];
        }

        Array.ForEach(all, static one => one.Calm());
    }

    /// <summary>Resets everything and stops listening.</summary>
    /// <returns>A task that completes when no socket is open any more.</returns>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        await accepting;
        Calm();
        Apply(new Fault(default, FaultKind.CutAll));
        Task[] last;
        lock (gate)
        {
            last = [.. running];
        }

        await Task.WhenAll(last);
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync(stopping.Token);
                lock (gate)
                {
                    running.RemoveAll(static task => task.IsCompleted);
                    running.Add(RunAsync(client));
                }
            }
        }
        catch (Exception e) when (stopping.IsCancellationRequested && e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Disposed.
        }
    }

    private async Task RunAsync(Socket client)
    {
        using var connection = new ProxyConnection(client, time);
        Task? wait = null;
        lock (gate)
        {
            connections.Add(connection);
            if (holdNext is { } hold)
            {
                holdNext = null;
                var pass = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                held.Enqueue((pass, time.CreateTimer(static state => ((TaskCompletionSource)state!).TrySetResult(), pass, hold.Duration, Timeout.InfiniteTimeSpan)));
                wait = pass.Task;
            }
        }

        try
        {
            if (wait is not null)
            {
                await wait;
            }

            var run = connection.RunAsync(target);
            if (wait is null)
            {
                lock (gate)
                {
                    Release(); // A later one has passed.
                }
            }

            await run;
        }
        finally
        {
            lock (gate)
            {
                connections.Remove(connection);
            }
        }
    }

    private void Release()
    {
        while (held.TryDequeue(out var one))
        {
            one.Timer.Dispose();
            one.Pass.TrySetResult();
        }
    }
}
