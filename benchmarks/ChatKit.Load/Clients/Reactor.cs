using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ChatKit.Load.Clients;

/// <summary>Waits for all connections with a few threads that read, count and answer by themselves (epoll(7), level-triggered): a thread of the pool a connection
/// and chunk would be woken tens of thousands of times a second, on the cores the servers are measured on.</summary>
internal sealed partial class Reactor : IDisposable
{
    private const int AtOnce = 256;
    private const int WakeMilliseconds = 100;
    private const int CloseOnExec = 0x80000;
    private const int Interrupted = 4;
    private const int Adds = 1;
    private const int Modifies = 3;
    private const uint In = 1;
    private const uint Out = 4;

    private static readonly bool IsPacked = RuntimeInformation.ProcessArchitecture == Architecture.X64;
    private static readonly int EventSize = IsPacked ? 12 : 16;
    private static readonly int DataAt = IsPacked ? 4 : 8;

    private readonly List<LoadConnection> connections = [];
    private readonly Thread[] threads;
    private readonly int[] ports;
    private volatile bool stopped;

    public Reactor(int threadCount)
    {
        ports = new int[threadCount];
        threads = new Thread[threadCount];
        for (var i = 0; i < threadCount; i++)
        {
            var port = ports[i] = Check(Create(CloseOnExec));
            threads[i] = new Thread(() => Run(port)) { IsBackground = true, Name = "Reactor" };
            threads[i].Start();
        }
    }

    /// <summary>From now on a thread calls <see cref="LoadConnection.OnReadable"/>.</summary>
    /// <returns>What <see cref="Watch"/> wants to know.</returns>
    public int Add(LoadConnection connection, int socket)
    {
        int number;
        lock (connections)
        {
            number = connections.Count;
            connections.Add(connection);
        }

        Control(Adds, number, socket, In);
        return number;
    }

    /// <summary>Whether <see cref="LoadConnection.OnWritable"/> is called, too.</summary>
    public void Watch(int number, int socket, bool writable) => Control(Modifies, number, socket, writable ? In | Out : In);

    public void Dispose()
    {
        stopped = true;
        foreach (var thread in threads)
        {
            thread.Join();
        }

        foreach (var port in ports)
        {
            _ = Close(port);
        }
    }

    private void Control(int operation, int number, int socket, uint events)
    {
        Span<byte> registration = stackalloc byte[EventSize];
        registration.Clear();
        MemoryMarshal.Write(registration, events);
        MemoryMarshal.Write(registration[DataAt..], (long)number);
        Check(Control(ports[number % ports.Length], operation, socket, registration));
    }

    private void Run(int port)
    {
        var events = new byte[AtOnce * EventSize];
        var acks = AckTimer.OfThread;
        while (!stopped)
        {
            var count = Wait(port, events, AtOnce, acks.IsEmpty ? WakeMilliseconds : AckTimer.TickMilliseconds);
            if (count < 0 && Marshal.GetLastPInvokeError() != Interrupted)
            {
                throw new Win32Exception(Marshal.GetLastPInvokeError()); // Ends the run: without this thread nothing would come.
            }

            for (var i = 0; i < count; i++)
            {
                var one = events.AsSpan(i * EventSize, EventSize);
                var what = MemoryMarshal.Read<uint>(one);
                LoadConnection connection;
                lock (connections)
                {
                    connection = connections[(int)MemoryMarshal.Read<long>(one[DataAt..])];
                }

                if ((what & Out) != 0)
                {
                    connection.OnWritable();
                }

                // Also its end and its errors.
                if ((what & ~Out) != 0)
                {
                    connection.OnReadable();
                }
            }

            acks.Run();
        }
    }

    private static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int port, int operation, int socket, Span<byte> registration);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int Wait(int port, Span<byte> events, int most, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
