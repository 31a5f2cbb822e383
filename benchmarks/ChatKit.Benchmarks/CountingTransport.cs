using ChatKit.Delivery;

namespace ChatKit.Benchmarks;

/// <summary>Takes events as the hub's transport does: their bytes are copied into one buffer.</summary>
internal sealed class CountingTransport(string user, Arrivals arrivals) : ISessionTransport
{
    private readonly byte[] buffer = new byte[512 * 1024];

    public ValueTask SendAsync(IReadOnlyList<OutgoingEvent> events, CancellationToken cancellationToken)
    {
        var count = 0;
        var at = 0;
        for (var i = 0; i < events.Count; i++)
        {
            var json = events[i].Json.Span;
            json.CopyTo(buffer.AsSpan(at));
            at += json.Length;

            // The sender waits for its acknowledgement, the receiver for the entry.
            var isEntry = json.StartsWith("{\"t\":\"entry\""u8);
            count += isEntry ? (user[^1] == 'b' ? 1 : 0) : json.StartsWith("{\"t\":\"accepted\""u8) ? 1 : 0;
        }

        arrivals.Came(count);
        return ValueTask.CompletedTask;
    }

    public ValueTask CloseAsync() => ValueTask.CompletedTask;

    public void Abort()
    {
    }
}
