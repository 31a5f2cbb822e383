namespace ChatKit.Client.Tests.Fakes;

/// <summary>Reads a client's events one by one.</summary>
public sealed class EventReader : IAsyncDisposable
{
    private readonly CancellationTokenSource done;
    private readonly IAsyncEnumerator<ChatEvent> events;

    public EventReader(ChatClient client)
    {
        done = new CancellationTokenSource();
        events = client.Events(done.Token).GetAsyncEnumerator(done.Token);
    }

    /// <summary>Everything read so far.</summary>
    public List<ChatEvent> Seen { get; } = [];

    /// <summary>The next event of this kind; others are passed over, and stay in <see cref="Seen"/>.</summary>
    public async Task<T> NextAsync<T>(Func<T, bool>? fits = null)
        where T : ChatEvent
    {
        while (await events.MoveNextAsync().AsTask().WaitAsync(FakeServer.Patience))
        {
            Seen.Add(events.Current);
            if (events.Current is T wanted && fits?.Invoke(wanted) != false)
            {
                return wanted;
            }
        }

        throw new InvalidOperationException($"The stream ended before a {typeof(T).Name} came.");
    }

    public async Task<List<T>> NextAsync<T>(int count)
        where T : ChatEvent
    {
        var list = new List<T>();
        while (list.Count < count)
        {
            list.Add(await NextAsync<T>());
        }

        return list;
    }

    public async ValueTask DisposeAsync()
    {
        // A read that timed out may still be under way: it ends, and with it the stream.
        await done.CancelAsync();
        done.Dispose();
    }
}
