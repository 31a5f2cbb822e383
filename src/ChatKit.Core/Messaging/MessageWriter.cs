using System.Threading.Channels;
using ChatKit.Delivery;
using ChatKit.Diagnostics;
using ChatKit.Groups;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatKit.Messaging;

/// <summary>Appends commands in the order they come: those that wait together become one batch (group commit), a lone one waits for
/// nobody. A conversation always has the same writer, so its order holds.</summary>
internal sealed class MessageWriter : IAsyncDisposable
{
    private readonly Lane[] lanes;
    private readonly int capacity;

    public MessageWriter(
        WriteBatchProcessor processor, IOptions<ChatKitOptions> options, ILogger<MessageWriter> logger)
    {
        capacity = options.Value.WriterQueueCapacity;
        lanes = new Lane[options.Value.Writers];
        for (var i = 0; i < lanes.Length; i++)
        {
            lanes[i] = new Lane(processor, options.Value.WriterBatchItems, logger);
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

    private sealed class Lane
    {
        private readonly Channel<WriteItem> queue = Channel.CreateUnbounded<WriteItem>(new UnboundedChannelOptions { SingleReader = true });
        private readonly WriteBatchProcessor processor;
        private readonly int batchItems;
        private readonly ILogger logger;
        private int count;

        public Lane(WriteBatchProcessor processor, int batchItems, ILogger logger)
        {
            this.processor = processor;
            this.batchItems = batchItems;
            this.logger = logger;
            Done = Task.Run(RunAsync);
        }

        public Task Done { get; }

        /// <summary>How many commands wait; this kind of channel does not count.</summary>
        public int Count => Volatile.Read(ref count);

        public bool TryWrite(WriteItem item)
        {
            Interlocked.Increment(ref count);
            return queue.Writer.TryWrite(item);
        }

        public void Complete() => queue.Writer.TryComplete();

        private async Task RunAsync()
        {
            var batch = new List<WriteItem>();
            while (await queue.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
                if (batch.Count > 1)
                {
                    // Busy: whoever is ready to hand in a command does so first; a lone sender waits for nobody.
                    await Task.Yield();
                }

                batch.Clear();
                while (batch.Count < batchItems && queue.Reader.TryRead(out var item))
                {
                    batch.Add(item);
                }

                Interlocked.Add(ref count, -batch.Count);

                try
                {
                    await processor.ProcessAsync(batch).ConfigureAwait(false);
                }
                catch (Exception exception)
                {
                    // A fault of ours or of a plug: the batch is refused as unclear, the writer goes on.
                    MessagingLog.BatchFailed(logger, batch.Count, exception);
                    foreach (var item in batch)
                    {
                        WriteBatchProcessor.Refuse(item, WriteBatchProcessor.Unclear);
                    }
                }
            }
        }
    }
}
