using System.Text;
using ChatKit.Delivery;
using ChatKit.Groups;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatKit.Notifications;

/// <summary>Follows the feed and tells the host's sender who has not got a message. At least once (ARCHITECTURE, rule 10).</summary>
internal sealed class NotificationService(
    IEnumerable<INotificationSender> senders, IMessageStore store, IStoreIdentity identity, IFeedCheckpointStore checkpoints,
    IReceiptStore marks, MembershipService memberships, TimeProvider time, IOptions<ChatKitOptions> options,
    ILogger<NotificationService> logger) : BackgroundService
{
    private const string Consumer = "notifications";
    private const int PageSize = 200;
    private const int TextLength = 200;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private long? _first;

    /// <summary>A store that is away does not keep the host from starting: it is asked again.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            _first = senders.Any() ? await checkpoints.FirstAsync(Consumer, identity, cancellationToken).ConfigureAwait(false) : null;
        }
        catch (ChatStoreException exception)
        {
            NotificationsLog.Failed(logger, exception);
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (senders.LastOrDefault() is not { } sender)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        var position = _first;
        try
        {
            do
            {
                try
                {
                    position ??= await checkpoints.FirstAsync(Consumer, identity, stoppingToken).ConfigureAwait(false);
                    position = await ReadOnAsync(sender, position.Value, stoppingToken).ConfigureAwait(false);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    // The store or the host's sender failed: from the same position again.
                    NotificationsLog.Failed(logger, exception);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async ValueTask<long> ReadOnAsync(INotificationSender sender, long position, CancellationToken cancellationToken)
    {
        var page = await store.ReadFeedAsync(position, PageSize, cancellationToken).ConfigureAwait(false);
        var due = time.GetUtcNow() - options.Value.NotificationDelay;
        var notifications = new List<Notification>();
        var reached = page.Items.Count == 0 ? page.Next : position;
        foreach (var item in page.Items)
        {
            var entries = (await store.ReadAsync(
                [new LogRange(item.Conversation, item.From, item.To, (int)Math.Min(item.To - item.From + 1, 10_000), View: LogView.Messages)],
                cancellationToken).ConfigureAwait(false))[0];
            if (entries.Count > 0 && entries[^1].AcceptedAt > due)
            {
                break;
            }

            await AddAsync(notifications, item, entries, cancellationToken).ConfigureAwait(false);
            reached = item.Position;
        }

        if (notifications.Count > 0)
        {
            await sender.SendAsync(notifications, cancellationToken).ConfigureAwait(false);
        }

        if (reached != position)
        {
            await checkpoints.SaveCheckpointAsync(Consumer, reached, cancellationToken).ConfigureAwait(false);
        }

        return reached;
    }

    private async ValueTask AddAsync(List<Notification> notifications, FeedItem item, IReadOnlyList<LogEntry> entries, CancellationToken cancellationToken)
    {
        if (!entries.Any(entry => entry is { Erased: false, Header.Counts: true }))
        {
            return;
        }

        var view = await memberships.GetAsync(item.Conversation, item.MembershipVersion, cancellationToken).ConfigureAwait(false);
        var delivered = (await marks.GetAsync([item.Conversation], cancellationToken).ConfigureAwait(false))[0]
            .ToDictionary(mark => mark.User, mark => mark.Delivered);
        foreach (var entry in entries.Where(entry => entry is { Erased: false, Header.Counts: true }))
        {
            foreach (var member in view?.Membership.Members ?? [])
            {
                if (member.User != entry.Sender && member.Joined <= entry.Seq && delivered.GetValueOrDefault(member.User) < entry.Seq)
                {
                    notifications.Add(new Notification(member.User, item.Conversation, entry.Seq, entry.Sender, entry.Header.ContentType, TextOf(entry)));
                }
            }
        }
    }

    private static string? TextOf(LogEntry entry)
    {
        if (!entry.Header.ContentType.StartsWith("text/", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(entry.Body.Span);
        if (text.Length <= TextLength)
        {
            return text;
        }

        return text[..(char.IsHighSurrogate(text[TextLength - 1]) ? TextLength - 1 : TextLength)];
    }
}
