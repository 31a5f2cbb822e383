using System.Buffers;
using ChatKit.Delivery;

namespace ChatKit.Benchmarks;

/// <summary>Takes events as the hub's transport does: their bytes are copied into one buffer.</summary>
internal sealed class CountingTransport(string user, Arrivals arrivals) : ISessionTransport, IBufferWriter<byte>
{
    private readonly byte[] buffer = new byte[512 * 1024];
    private int at;

    public ValueTask SendAsync(IReadOnlyList<OutgoingEvent> events, CancellationToken cancellationToken)
    {
        var count = 0;
        at = 0;
        for (var i = 0; i < events.Count; i++)
        {
            var from = at;
            events[i].WriteJson(this);
            var json = buffer.AsSpan(from, at - from);

            // The sender waits for its acknowledgement, the receiver for the entry.
            var isEntry = json.StartsWith("{\"t\":\"entry\""u8);
            count += isEntry ? (user[^1] == 'b' ? 1 : 0) : json.StartsWith("{\"t\":\"accepted\""u8) ? 1 : 0;
        }

        arrivals.Came(count);
        return ValueTask.CompletedTask;
    }

    public void Advance(int count) => at += count;

    public Memory<byte> GetMemory(int sizeHint = 0) => buffer.AsMemory(at);

    public Span<byte> GetSpan(int sizeHint = 0) => buffer.AsSpan(at);

    public ValueTask CloseAsync() => ValueTask.CompletedTask;

    public void Abort()
    {
    }
}
