using System.Threading.Channels;
using ChatKit.Wire;
using Microsoft.AspNetCore.SignalR.Client;

namespace ChatKit.AspNetCore.Tests.Hosting;

/// <summary>A bare client of the hub: sends frames, keeps the events that came. Not ChatKit.Client: it shows what is on the wire.</summary>
internal sealed class HubClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly Channel<EventFrame> events = Channel.CreateUnbounded<EventFrame>();
    private readonly List<EventFrame> passed = [];
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int lastId;

    private HubClient(HubConnection connection)
    {
        Connection = connection;
        connection.On<EventFrame[]>("events", batch =>
        {
            foreach (var one in batch)
            {
                events.Writer.TryWrite(one);
            }
        });
        connection.Closed += exception =>
        {
            events.Writer.TryComplete();
            closed.TrySetResult();
            return Task.CompletedTask;
        };
    }

    public HubConnection Connection { get; }

    /// <summary>Completes when the server (or the test) has ended the connection.</summary>
    public Task Closed => closed.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);

    public static async Task<HubClient> StartAsync(HubConnection connection)
    {
        var client = new HubClient(connection);
        await connection.StartAsync(TestContext.Current.CancellationToken);
        return client;
    }

    public Task<HelloReply> HelloAsync(string device, params int[] versions) =>
        HelloAsync(new HelloRequest { Versions = versions.Length == 0 ? [1] : versions, Device = device });

    public Task<HelloReply> HelloAsync(HelloRequest request) =>
        Connection.InvokeAsync<HelloReply>("Hello", request, TestContext.Current.CancellationToken);

    public Task FramesAsync(params CommandFrame[] frames) => Connection.InvokeAsync("Frames", frames, TestContext.Current.CancellationToken);

    /// <summary>Sends a command (with an id, if it has none) and gives the event that answers it.</summary>
    public async Task<EventFrame> AskAsync(CommandFrame command)
    {
        command = command with { Id = command.Id ?? "c" + Interlocked.Increment(ref lastId) };
        await FramesAsync(command);
        return await NextAsync(e => e.Id == command.Id && e.T is EventTags.Accepted or EventTags.Refused or EventTags.Result);
    }

    /// <summary>The first event that fits, also among those that were passed over before; each is given once.</summary>
    public async Task<EventFrame> NextAsync(Func<EventFrame, bool> fits)
    {
        var index = passed.FindIndex(e => fits(e));
        if (index >= 0)
        {
            var found = passed[index];
            passed.RemoveAt(index);
            return found;
        }

        using var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(Patience);
        try
        {
            await foreach (var one in events.Reader.ReadAllAsync(late.Token))
            {
                if (fits(one))
                {
                    return one;
                }

                passed.Add(one);
            }
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            throw new TimeoutException($"No such event within {Patience}. Came: {string.Join(", ", passed.Select(e => $"{e.T} {e.Id} {e.Code}"))}");
        }

        throw new InvalidOperationException($"The connection ended before such an event. Came: {string.Join(", ", passed.Select(e => $"{e.T} {e.Id} {e.Code}"))}");
    }

    /// <summary>Whether such an event has come and was not given yet.</summary>
    public bool Has(Func<EventFrame, bool> fits)
    {
        while (events.Reader.TryRead(out var one))
        {
            passed.Add(one);
        }

        return passed.Exists(one => fits(one));
    }

    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}
