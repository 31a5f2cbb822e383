using ChatKit.Groups;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatKit.Delivery;

/// <summary>Follows the feed of all conversations (ARCHITECTURE, rule 10): brings membership entries into a directory that lacks them, and
/// wakes receivers whose hint was lost with the host that should have sent it, and restores the senders' own read marks that were lost with it (rule 3).</summary>
internal sealed class FeedReader(
    IMessageStore store, IStoreIdentity identity, IFeedCheckpointStore checkpoints, MembershipService memberships, NodeDelivery delivery,
    ReceiptService receipts, TimeProvider time, IOptions<ChatKitOptions> options, ILogger<FeedReader> logger) : BackgroundService
{
    private const string Consumer = "recovery";
    private const int PageSize = 1000;
    private long? _first;

    /// <summary>A store that is away does not keep the host from starting: it is asked again.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            _first = await checkpoints.FirstAsync(Consumer, identity, cancellationToken).ConfigureAwait(false);
        }
        catch (ChatStoreException exception)
        {
            DeliveryLog.FeedFailed(logger, exception);
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.RecoveryInterval, time);
        var position = _first;
        do
        {
            try
            {
                position ??= await checkpoints.FirstAsync(Consumer, identity, stoppingToken).ConfigureAwait(false);
                position = await ReadOnAsync(position.Value, stoppingToken).ConfigureAwait(false);
            }
            catch (ChatStoreException exception)
            {
                DeliveryLog.FeedFailed(logger, exception);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
        while (await WaitAsync(timer, stoppingToken).ConfigureAwait(false));
    }

    private static async ValueTask<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async ValueTask<long> ReadOnAsync(long position, CancellationToken cancellationToken)
    {
        var start = position;
        while (true)
        {
            var page = await store.ReadFeedAsync(position, PageSize, cancellationToken).ConfigureAwait(false);
            foreach (var item in page.Items)
            {
                if (item.MembershipVersion >= item.From)
                {
                    await memberships.GetAsync(item.Conversation, item.MembershipVersion, cancellationToken).ConfigureAwait(false);
                }

                if (!delivery.HasReached(item.Conversation, item.From, item.To))
                {
                    await RecoverAsync(item, cancellationToken).ConfigureAwait(false);
                }
            }

            foreach (var item in page.Items)
            {
                delivery.Passed(item.Conversation, item.To);
            }

            position = page.Next;
            if (page.Items.Count < PageSize)
            {
                break;
            }
        }

        // Behind the checkpoint nobody looks again: first the marks must be safe.
        if (position != start && await receipts.FlushAsync().ConfigureAwait(false))
        {
            await checkpoints.SaveCheckpointAsync(Consumer, position, cancellationToken).ConfigureAwait(false);
        }

        return position;
    }

    /// <summary>Does what the host would have done that stored these entries. They are read, because whom an entry removed, and who wrote it, only it tells.</summary>
    private async ValueTask RecoverAsync(FeedItem item, CancellationToken cancellationToken)
    {
        for (var from = item.From; from <= item.To;)
        {
            var entries = (await store.ReadAsync([new LogRange(item.Conversation, from, item.To, PageSize)], cancellationToken).ConfigureAwait(false))[0];
            foreach (var entry in entries.Where(static entry => entry.Header.Kind == EntryKind.Message))
            {
                receipts.Move(entry.Conversation, entry.Sender, entry.Seq, entry.Seq);
            }

            var to = entries.Count < PageSize ? item.To : entries[^1].Seq;
            var dense = entries.Count == to - from + 1;
            List<BackplaneMessage> hints = dense
                ? [new EntriesAppended(item.Conversation, from, to, item.MembershipVersion, entries)]
                : [.. entries.Select(entry => new EntriesAppended(item.Conversation, entry.Seq, entry.Seq, item.MembershipVersion, [entry])),
                    new EntriesAppended(item.Conversation, from, to, item.MembershipVersion, Entries: null)];
            await delivery.OnMessagesAsync(hints).ConfigureAwait(false);
            from = to + 1;
        }
    }
}
