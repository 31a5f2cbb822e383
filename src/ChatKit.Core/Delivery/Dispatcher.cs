using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace ChatKit.Delivery;

/// <summary>Publishes what was committed to the backplane, beside the writers, so that the next batch need not wait.</summary>
internal sealed class Dispatcher : IAsyncDisposable
{
    private readonly Channel<BackplaneMessage> queue = Channel.CreateUnbounded<BackplaneMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly IBackplane backplane;
    private readonly ILogger logger;
    private readonly Task done;

    public Dispatcher(IBackplane backplane, ILogger<Dispatcher> logger)
    {
        this.backplane = backplane;
        this.logger = logger;
        done = Task.Run(RunAsync);
    }

    public void Enqueue(IReadOnlyList<BackplaneMessage> messages)
    {
        foreach (var message in messages)
        {
            Enqueue(message);
        }
    }

    /// <summary>A hint that comes too late to be published is no loss: receivers pull.</summary>
    public void Enqueue(BackplaneMessage message) => queue.Writer.TryWrite(message);

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await done.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        const int most = 1000;
        while (await queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            var batch = new List<BackplaneMessage>();
            while (batch.Count < most && queue.Reader.TryRead(out var message))
            {
                batch.Add(message);
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
        }
    }
}
