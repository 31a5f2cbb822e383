using Microsoft.Extensions.Logging;

namespace ChatKit.Messaging;

/// <summary>One writer's queue. It runs only while there is something to store. A lone command in a quiet time is taken on the thread that brings it, as
/// far as the store's first wait: waking another would cost more than the rest. In a busy time whoever is ready to hand in a command does so before a batch
/// is taken: larger batches cost the store less.</summary>
internal sealed class WriterLane(WriteBatchProcessor processor, int batchItems, ILogger logger)
{
    private readonly Lock gate = new();
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Of no request: what is stored belongs to nobody's activity or culture.</summary>
    private readonly ExecutionContext? context = ExecutionContext.Capture();
    private readonly Queue<WriteItem> queue = new();
    private bool running;
    private bool completed;
    private bool busy;

    /// <summary>Completes when, after <see cref="Complete"/>, everything taken is answered.</summary>
    public Task Done => done.Task;

    /// <summary>How many commands wait.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return queue.Count;
            }
        }
    }

    /// <returns>Whether it was taken.</returns>
    public bool TryWrite(WriteItem item)
    {
        lock (gate)
        {
            if (completed)
            {
                return false;
            }

            queue.Enqueue(item);
            if (running)
            {
                return true;
            }

            running = true;
        }

        if (!WriterCork.TryAdd(this))
        {
            Start();
        }

        return true;
    }

    public void Complete()
    {
        lock (gate)
        {
            completed = true;
            if (!running)
            {
                done.TrySetResult();
            }
        }
    }

    /// <summary>Takes what is there, for <see cref="WriterCork"/>: on this thread in a quiet time.</summary>
    public void Run()
    {
        bool quiet;
        lock (gate)
        {
            quiet = !busy && queue.Count == 1;
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
            ExecutionContext.Run(context, static lane => _ = ((WriterLane)lane!).RunAsync(), this);
        }
    }

    private void Start() => ThreadPool.UnsafeQueueUserWorkItem(static lane => _ = lane.RunAsync(), this, preferLocal: false);

    private async Task RunAsync()
    {
        var batch = new List<WriteItem>();
        if (busy)
        {
            await Task.Yield();
        }

        while (Take(batch))
        {
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

            if (Count > 0)
            {
                // Also gives back the thread that began.
                await Task.Yield();
            }
        }
    }

    private bool Take(List<WriteItem> batch)
    {
        batch.Clear();
        lock (gate)
        {
            while (batch.Count < batchItems && queue.TryDequeue(out var item))
            {
                batch.Add(item);
            }

            if (batch.Count > 0)
            {
                busy = batch.Count > 1;
                return true;
            }

            running = false;
            if (completed)
            {
                done.TrySetResult();
            }

            return false;
        }
    }
}
