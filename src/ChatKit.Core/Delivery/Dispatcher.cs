using Microsoft.Extensions.Logging;

namespace ChatKit.Delivery;

/// <summary>Publishes what was committed to the backplane, one round at a time, in order. Little goes out at once, on the thread that brings it; much goes
/// beside the writers, so that the next batch need not wait.</summary>
internal sealed class Dispatcher(IBackplane backplane, ILogger<Dispatcher> logger) : IAsyncDisposable
{
    private const int Most = 1000;

    /// <summary>Up to this many hints are published on the caller's thread: waking another one costs more.</summary>
    private const int Few = 64;

    private readonly Lock gate = new();
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<BackplaneMessage> queue = [];
    private bool running;
    private bool stopping;

    /// <summary>Publishes beside the caller. A hint that comes too late to be published is no loss: receivers pull.</summary>
    public void Enqueue(IReadOnlyList<BackplaneMessage> messages)
    {
        if (Take(messages))
        {
            GoOn();
        }
    }

    public void Enqueue(BackplaneMessage message) => Enqueue([message]);

    /// <summary>As <see cref="Enqueue(IReadOnlyList{BackplaneMessage})"/>, but a few go out before it returns, or at least begin to: nothing that
    /// receivers need may be locked.</summary>
    public void Publish(IReadOnlyList<BackplaneMessage> messages)
    {
        if (!Take(messages))
        {
            return;
        }

        if (messages.Count <= Few)
        {
            _ = RunAsync();
        }
        else
        {
            GoOn();
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            stopping = true;
            if (!running)
            {
                return;
            }
        }

        await drained.Task.ConfigureAwait(false);
    }

    /// <returns>Whether the caller has to see that they are published.</returns>
    private bool Take(IReadOnlyList<BackplaneMessage> messages)
    {
        lock (gate)
        {
            if (stopping || messages.Count == 0)
            {
                return false;
            }

            queue.AddRange(messages);
            var first = !running;
            running = true;
            return first;
        }
    }

    private void GoOn() => ThreadPool.UnsafeQueueUserWorkItem(static dispatcher => _ = dispatcher.RunAsync(), this, preferLocal: false);

    /// <summary>One round; what came meanwhile is another thread's.</summary>
    private async Task RunAsync()
    {
        List<BackplaneMessage> batch;
        lock (gate)
        {
            batch = queue.Count <= Most ? queue : queue.GetRange(0, Most);
            queue = queue.Count <= Most ? [] : queue.GetRange(Most, queue.Count - Most);
        }

        try
        {
            await backplane.PublishAsync(batch, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Hints may be lost (rule 11): the feed's reader wakes who was not reached.
            DeliveryLog.PublishFailed(logger, batch.Count, exception);
        }

        lock (gate)
        {
            running = queue.Count > 0;
            if (!running)
            {
                if (stopping)
                {
                    drained.TrySetResult();
                }

                return;
            }
        }

        GoOn();
    }
}
