using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatKit.Messaging;

/// <summary>Appends commands in the order they come: those that wait together become one batch (group commit), a lone one waits for nobody.
/// <para>A lone command in a quiet time is taken on the thread that brings it, as far as the store's first wait: waking another would cost more than the rest.
/// In a busy time whoever is ready to hand in a command does so before a batch is taken: larger batches cost the store less.</para>
/// <para>Conversations are spread over lanes, and a lane has one writer at a time, so order holds. One writer takes all lanes while there is little; another one
/// begins beside it where a lane alone has <see cref="Enough"/>: before that two small batches would cost the store more than one.</para></summary>
internal sealed class MessageWriter : IAsyncDisposable
{
    /// <summary>So many commands are worth a writer of their own.</summary>
    private const int Enough = 128;

    private readonly Lock gate = new();
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Of no request: what is stored belongs to nobody's activity or culture.</summary>
    private readonly ExecutionContext? context = ExecutionContext.Capture();
    private readonly WriteBatchProcessor processor;
    private readonly ILogger logger;
    private readonly WriterLane[] lanes;
    private readonly int capacity;
    private readonly int batchItems;
    private int waiting;
    private int next;
    private int running;
    private int starting;
    private bool completed;
    private bool busy;

    public MessageWriter(WriteBatchProcessor processor, IMessageStore store, IOptions<ChatKitOptions> options, ILogger<MessageWriter> logger)
    {
        this.processor = processor;
        this.logger = logger;
        capacity = options.Value.WriterQueueCapacity;
        batchItems = options.Value.WriterBatchItems;
        var writers = options.Value.Writers > 0 ? options.Value.Writers : (store as IParallelAppends)?.UsefulAppends ?? 1;
        lanes = new WriterLane[Math.Max(1, writers)];
        for (var i = 0; i < lanes.Length; i++)
        {
            lanes[i] = new WriterLane();
        }
    }

    /// <summary>Hands a command to its writer. Never waits: what is too much is refused in its turn.</summary>
    public void Enqueue(WriteItem item)
    {
        if (Volatile.Read(ref waiting) >= capacity && item is { Refusal: null, Withdraws: false })
        {
            item = new WriteItem
            {
                Request = item.Request with { Body = default },
                Completion = item.Completion,
                Lane = item.Lane,
                Refusal = new ChatError(ChatErrorCode.Overloaded, "Too many commands wait to be stored; try again.", TimeSpan.FromSeconds(1)),
            };
        }

        if (!TryWrite(item))
        {
            item.Completion.Refused(new ChatError(ChatErrorCode.ShuttingDown, "The server is stopping; send again after reconnecting."));
        }
    }

    /// <summary>Takes nothing more and waits until everything taken is answered.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            completed = true;
            if (running == 0)
            {
                done.TrySetResult();
            }
        }

        await done.Task.ConfigureAwait(false);
    }

    /// <summary>A writer takes what is there, for <see cref="WriterCork"/>: on this thread in a quiet time.</summary>
    internal void Run()
    {
        bool quiet;
        lock (gate)
        {
            quiet = !busy && waiting == 1 && running == 1;
        }

        if (!quiet)
        {
            Start();
        }
        else if (context is null)
        {
            _ = RunAsync();
        }
        else
        {
            ExecutionContext.Run(context, static writer => _ = ((MessageWriter)writer!).RunAsync(), this);
        }
    }

    /// <returns>Whether it was taken.</returns>
    private bool TryWrite(WriteItem item)
    {
        var lane = lanes.Length == 1 ? lanes[0] : lanes[(uint)item.Conversation.GetHashCode() % (uint)lanes.Length];
        lock (gate)
        {
            if (completed)
            {
                return false;
            }

            lane.Items.Enqueue(item);
            waiting++;
            if (running > 0 && !NeedsAnother(lane))
            {
                return true;
            }

            running++;
            starting++;
        }

        if (!WriterCork.TryAdd(this))
        {
            Start();
        }

        return true;
    }

    private bool NeedsAnother(WriterLane lane) => !lane.Taken && starting == 0 && lane.Items.Count >= Enough;

    private void Start() => ThreadPool.UnsafeQueueUserWorkItem(static writer => _ = writer.RunAsync(), this, preferLocal: false);

    private async Task RunAsync()
    {
        var batch = new List<WriteItem>();
        var mine = new List<WriterLane>(lanes.Length);
        if (busy)
        {
            await Task.Yield();
        }

        var first = true;
        while (Take(batch, mine, first, out var another))
        {
            first = false;
            if (another)
            {
                Start();
            }

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

            if (Volatile.Read(ref waiting) > 0)
            {
                // Also gives back the thread that began.
                await Task.Yield();
            }
        }
    }

    /// <summary>Gives back the lanes of the batch before, and takes the next one.</summary>
    /// <param name="batch">Gets the commands.</param>
    /// <param name="mine">The lanes of this writer.</param>
    /// <param name="first">Whether this writer has just been started.</param>
    /// <param name="another">Whether there is enough left for another writer, who is then to be started.</param>
    /// <returns>Whether there is something; otherwise this writer ends.</returns>
    private bool Take(List<WriteItem> batch, List<WriterLane> mine, bool first, out bool another)
    {
        batch.Clear();
        another = false;
        lock (gate)
        {
            foreach (var lane in mine)
            {
                lane.Taken = false;
            }

            mine.Clear();
            starting -= first ? 1 : 0;
            var most = Math.Min(Enough, batchItems);
            for (var i = 0; i < lanes.Length && batch.Count < most; i++)
            {
                var lane = lanes[next];
                next = next + 1 < lanes.Length ? next + 1 : 0;
                if (lane is { Taken: false, Items.Count: > 0 })
                {
                    Take(lane, batch);
                    mine.Add(lane);
                }
            }

            waiting -= batch.Count;
            if (batch.Count > 0)
            {
                busy = batch.Count > 1;
                another = Array.Exists(lanes, NeedsAnother);
                running += another ? 1 : 0;
                starting += another ? 1 : 0;
                return true;
            }

            running--;
            if (completed && running == 0)
            {
                done.TrySetResult();
            }

            return false;
        }
    }

    private void Take(WriterLane lane, List<WriteItem> batch)
    {
        lane.Taken = true;
        while (batch.Count < batchItems && lane.Items.TryDequeue(out var item))
        {
            batch.Add(item);
        }
    }
}
