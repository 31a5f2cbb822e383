using ChatKit.Delivery;
using ChatKit.Diagnostics;
using ChatKit.Groups;

namespace ChatKit.Sessions;

/// <summary>Reads what lies after positions, as one user sees it: entries, and skips over what he may not see or retention took
/// (ARCHITECTURE, rule 2).</summary>
internal sealed class LogPuller(IMessageStore store, MembershipService memberships, ChatKitMetrics metrics)
{
    public const int ConversationsAtOnce = 16;
    private const int EntriesAtOnce = 200;

    public async ValueTask<IReadOnlyList<PulledRange>> PullAsync(
        UserId user, IReadOnlyList<Pull> pulls, int room, CancellationToken cancellationToken)
    {
        var limit = Math.Clamp(room / pulls.Count, 1, EntriesAtOnce);
        var ranges = new LogRange[pulls.Count];
        var visibles = new Visibility[pulls.Count];
        var from = new Pull[pulls.Count];
        for (var i = 0; i < pulls.Count; i++)
        {
            var pull = pulls[i];
            visibles[i] = pull.Visible
                ?? await memberships.GetVisibilityAsync(pull.Track.Conversation, user, pull.VisibleAt, cancellationToken).ConfigureAwait(false);
            if (pull.IsNew && await memberships.FirstJoinedAsync(pull.Track.Conversation, user, cancellationToken).ConfigureAwait(false) is { } joined)
            {
                pull = pull with { Position = Math.Max(joined - 1, Math.Min(pull.Track.Claim, pull.Known)), Known = Math.Max(joined, pull.Known) };
            }

            from[i] = pull;
            ranges[i] = RangeOf(pull, visibles[i], limit);
        }

        var pages = await store.ReadAsync(ranges, cancellationToken).ConfigureAwait(false);
        var result = new List<PulledRange>(pulls.Count);
        for (var i = 0; i < pulls.Count; i++)
        {
            metrics.EntriesPulled(pages[i].Count);
            var visible = visibles[i];
            var version = VersionOf(pages[i]);
            if (version > pulls[i].VisibleAt)
            {
                // What was known of the user's membership is older than the entries just read.
                visible = await memberships.GetVisibilityAsync(pulls[i].Track.Conversation, user, version, cancellationToken).ConfigureAwait(false);
            }

            var events = Build(from[i], visible, ranges[i], pages[i]);
            result.Add(new PulledRange(pulls[i].Track, from[i].Position, events, visible, Math.Max(version, pulls[i].VisibleAt)));
        }

        return result;
    }

    /// <summary>The membership version the newest of these entries shows.</summary>
    private static long VersionOf(IReadOnlyList<LogEntry> page)
    {
        var version = 0L;
        foreach (var entry in page)
        {
            version = Math.Max(version, entry.Header.Kind == EntryKind.Membership ? entry.Seq : entry.MembershipVersion);
        }

        return version;
    }

    private static LogRange RangeOf(Pull pull, Visibility visible, int limit)
    {
        // Beyond the last leaving the last entry is read: it shows whether the user has joined again since.
        var from = visible.Next(pull.Position + 1) ?? pull.Known;
        return new LogRange(pull.Track.Conversation, Math.Min(from, pull.Known), pull.Known, limit);
    }

    private static List<(long Through, OutgoingEvent Event)> Build(Pull pull, Visibility visible, LogRange range, IReadOnlyList<LogEntry> page)
    {
        var conversation = pull.Track.Conversation;
        var events = new List<(long, OutgoingEvent)>(page.Count + 2);
        var reached = pull.Position;
        foreach (var entry in page)
        {
            if (entry.Seq > reached && visible.Contains(entry.Seq))
            {
                if (entry.Seq > reached + 1)
                {
                    events.Add((entry.Seq - 1, WireMapper.SkipEvent(conversation, reached + 1, entry.Seq - 1)));
                }

                events.Add((entry.Seq, WireMapper.EntryEvent(entry)));
                reached = entry.Seq;
            }
        }

        if (page.Count > 0)
        {
            // What was read to its end without showing more is passed over.
            var through = Math.Min(Math.Min(pull.Known, visible.End), page.Count < range.Limit ? range.To : page[^1].Seq);
            if (through > reached)
            {
                events.Add((through, WireMapper.SkipEvent(conversation, reached + 1, through)));
            }
        }

        return events;
    }
}
