using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatKit.Messaging;

/// <summary>Appends commands in the order they come: those that wait together become one batch (group commit), a lone one waits for
/// nobody. A conversation always has the same writer, so its order holds.</summary>
internal sealed class MessageWriter : IAsyncDisposable
{
    private readonly WriterLane[] lanes;
    private readonly int capacity;

    public MessageWriter(
        WriteBatchProcessor processor, IOptions<ChatKitOptions> options, ILogger<MessageWriter> logger)
    {
        capacity = options.Value.WriterQueueCapacity;
        lanes = new WriterLane[options.Value.Writers];
        for (var i = 0; i < lanes.Length; i++)
        {
            lanes[i] = new WriterLane(processor, options.Value.WriterBatchItems, logger);
        }
    }

    /// <summary>Hands a command to its writer. Never waits: what is too much is refused in its turn.</summary>
    public void Enqueue(WriteItem item)
    {
        var lane = lanes.Length == 1 ? lanes[0] : lanes[(uint)item.Conversation.GetHashCode() % (uint)lanes.Length];
        if (lane.Count >= capacity && item is { Refusal: null, Withdraws: false })
        {
            item = new WriteItem
            {
                Request = item.Request with { Body = default },
                Completion = item.Completion,
                Lane = item.Lane,
                Refusal = new ChatError(ChatErrorCode.Overloaded, "Too many commands wait to be stored; try again.", TimeSpan.FromSeconds(1)),
            };
        }

        if (!lane.TryWrite(item))
        {
            item.Completion.Refused(new ChatError(ChatErrorCode.ShuttingDown, "The server is stopping; send again after reconnecting."));
        }
    }

    /// <summary>Takes nothing more and waits until everything taken is answered.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var lane in lanes)
        {
            lane.Complete();
        }

        foreach (var lane in lanes)
        {
            await lane.Done.ConfigureAwait(false);
        }
    }
}
