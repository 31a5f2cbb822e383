namespace ChatKit.Client.Tests.Fakes;

/// <summary>Reads a client's events one by one.</summary>
public sealed class EventReader(ChatClient client) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<ChatEvent> events = client.Events().GetAsyncEnumerator();

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

    public ValueTask DisposeAsync() => events.DisposeAsync();
}
