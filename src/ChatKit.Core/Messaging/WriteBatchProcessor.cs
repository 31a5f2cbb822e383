using ChatKit.Delivery;
using ChatKit.Diagnostics;
using ChatKit.Groups;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatKit.Messaging;

/// <summary>Takes one batch through: order of lanes, authorisation under a membership version, append, and on a stale version
/// once more (ARCHITECTURE, rules 4 to 7).</summary>
internal sealed partial class WriteBatchProcessor(
    IMessageStore store,
    MembershipService memberships,
    Dispatcher dispatcher,
    ReceiptService receipts,
    ChatKitMetrics metrics,
    TimeProvider time,
    IOptions<ChatKitOptions> options,
    ILogger<WriteBatchProcessor> logger)
{
    /// <summary>Never the version of a conversation: the store answers whether the key is known, and writes nothing.</summary>
    private const long NoVersion = -1;
    private const int MaxRounds = 8;
    private const int MaxTries = 4;

    /// <summary>To hand entries to so many members takes longer than to bring the next batch to the store.</summary>
    private const int Many = 64;

    /// <summary>A store that has let a call wait this long is not asked again: the clients are told, and keep what they sent.</summary>
    private static readonly TimeSpan MaxTryTime = TimeSpan.FromSeconds(10);

    public static readonly ChatError Unclear = new(
        ChatErrorCode.Unavailable, "The store does not answer; whether the command is stored is open. Send it again with the same id.", TimeSpan.FromSeconds(1));

    private static readonly ChatError OutOfOrder = new(
        ChatErrorCode.OutOfOrder, "An earlier command to this conversation was refused for now: send it again or withdraw it first.");

    /// <param name="batch">The commands.</param>
    /// <param name="earlier">What the batch before left; it is given while the store works on this one, at the latest at the end.</param>
    /// <returns>What this batch leaves for the same end; null when everything is answered.</returns>
    public async ValueTask<HeldAnswers?> ProcessAsync(List<WriteItem> batch, HeldAnswers? earlier)
    {
        try
        {
            return await ProcessRoundsAsync(batch, earlier).ConfigureAwait(false);
        }
        finally
        {
            earlier?.Give();
        }
    }

    private async ValueTask<HeldAnswers?> ProcessRoundsAsync(List<WriteItem> batch, HeldAnswers? earlier)
    {
        using var activity = ChatKitMetrics.Source.StartActivity("ChatKit.Append");
        activity?.SetTag("chatkit.batch_size", batch.Count);
        var versions = new Dictionary<ConversationId, long>();
        var pending = batch;
        for (var round = 0; round < MaxRounds && pending.Count > 0; round++)
        {
            (pending, var held) = await RoundAsync(pending, versions, earlier).ConfigureAwait(false);
            if (held is not null)
            {
                return held;
            }
        }

        foreach (var item in pending)
        {
            // Members change faster than we can look: rare, and passing.
            Answer(item, Unclear);
        }

        return null;
    }

    /// <returns>The items whose membership version was stale, and answers that may wait.</returns>
    private async ValueTask<(List<WriteItem> Stale, HeldAnswers? Held)> RoundAsync(
        List<WriteItem> items, Dictionary<ConversationId, long> versions, HeldAnswers? earlier)
    {
        Dictionary<ConversationId, MembershipView?> views;
        try
        {
            views = await LoadViewsAsync(items, versions, earlier).ConfigureAwait(false);
        }
        catch (ChatStoreException exception)
        {
            MessagingLog.DirectoryFailed(logger, exception);
            RefuseAll(items.Where(PassLane));
            return ([], null);
        }

        var work = new List<Work>(items.Count);
        var requests = new List<AppendRequest>(items.Count + 4);
        var departing = new HashSet<ConversationId>();
        foreach (var item in items)
        {
            if (PassLane(item))
            {
                work.Add(Authorise(item, views, requests, departing));
            }
        }

        if (requests.Count == 0)
        {
            return ([], null);
        }

        if (await AppendAsync(requests, earlier).ConfigureAwait(false) is not { } results)
        {
            RefuseAll(work.Select(one => one.Item));
            return ([], null);
        }

        return await FinishAsync(work, requests, results, views, versions).ConfigureAwait(false);
    }

    /// <returns>Whether the command goes on; otherwise it is answered.</returns>
    private bool PassLane(WriteItem item)
    {
        if (item.Place > 0)
        {
            return true; // A later round: its turn has come before.
        }

        if (item.Lane is { } lane)
        {
            item.Place = lane.NextPlace();
            if (lane.BlockedBy == item.Request.Command)
            {
                lane.Unblock();
            }
            else if (lane.BlockedBy is not null && !item.Withdraws)
            {
                Answer(item, OutOfOrder);
                return false;
            }
        }

        if (item.Withdraws)
        {
            item.Completion.Accepted(new SentMessage(item.Conversation, 0, default, item.Request.Command, Duplicate: false));
            return false;
        }

        if (item.Refusal is { } refusal)
        {
            Answer(item, refusal);
            return false;
        }

        return true;
    }

    private async ValueTask<Dictionary<ConversationId, MembershipView?>> LoadViewsAsync(
        List<WriteItem> items, Dictionary<ConversationId, long> versions, HeldAnswers? earlier)
    {
        var views = new Dictionary<ConversationId, MembershipView?>();
        var missing = new List<ConversationId>();
        foreach (var item in items)
        {
            if (!views.TryAdd(item.Conversation, null))
            {
                continue;
            }

            if (versions.TryGetValue(item.Conversation, out var version) && version > 0)
            {
                earlier?.Give();
                views[item.Conversation] = await memberships.GetAsync(item.Conversation, version, CancellationToken.None).ConfigureAwait(false);
            }
            else if (memberships.TryGetCached(item.Conversation) is { } view)
            {
                views[item.Conversation] = view;
            }
            else
            {
                missing.Add(item.Conversation);
            }
        }

        if (missing.Count > 0)
        {
            earlier?.Give();
            var loaded = await memberships.GetManyAsync(missing, CancellationToken.None).ConfigureAwait(false);
            for (var i = 0; i < missing.Count; i++)
            {
                views[missing[i]] = loaded[i];
            }
        }

        return views;
    }

    private Work Authorise(WriteItem item, Dictionary<ConversationId, MembershipView?> views, List<AppendRequest> requests, HashSet<ConversationId> departing)
    {
        var view = views[item.Conversation];
        var version = view?.Version ?? 0;
        ChatError? error = null;
        if (view is not null)
        {
            error = MembershipRules.Judge(view, item.Request.Sender, item.Change, options.Value.MaxGroupMembers);
        }
        else if (item.DirectPeer is { } peer)
        {
            // The log's first entry makes the conversation. Whoever loses a race for it finds version 1 all the same.
            if (!HasCreation(requests, item.Conversation))
            {
                requests.Add(Creation(item.Request.Sender, peer, item.Conversation));
            }

            version = 1;
        }
        else if (item.Change is not { Action: MembershipAction.Created })
        {
            error = MembershipRules.NotMember;
        }

        if (error is null && view is not null && item.Change is { Action: MembershipAction.Left } && Succession.HeirOf(view, item.Request.Sender) is { } heir)
        {
            // In this round only the heir; the departure comes back as stale, and is judged anew in a group that has two owners.
            requests.Add(Succession.Entry(item.Request, heir, version));
            departing.Add(item.Conversation);
        }

        // Behind a departure that waits for its heir everything waits with it, in order (rule 6).
        var judged = error is null && !departing.Contains(item.Conversation) ? version : NoVersion;
        requests.Add(item.Request.MembershipVersion == judged ? item.Request : item.Request with { MembershipVersion = judged });
        return new Work(item, requests.Count - 1, error, version);
    }

    private static bool HasCreation(List<AppendRequest> requests, ConversationId conversation) =>
        requests.Exists(request => request.Conversation == conversation && request.MembershipVersion == 0);

    private static AppendRequest Creation(UserId sender, UserId peer, ConversationId conversation)
    {
        IReadOnlyList<MemberChange> members = sender == peer
            ? [new MemberChange(sender.Value)]
            : [new MemberChange(sender.Value), new MemberChange(peer.Value)];
        var change = new MembershipChange
        {
            Action = MembershipAction.Created,
            Kind = ConversationKind.Direct,
            History = GroupHistory.All,
            Members = members,
        };
        var header = new EntryHeader { Kind = EntryKind.Membership, ContentType = MembershipChange.ContentType };
        var body = change.ToBody();
        return new AppendRequest
        {
            Conversation = conversation,
            Sender = sender,
            Command = new CommandId("chatkit:create"),
            Header = header,
            Body = body,
            PayloadHash = PayloadHashes.Of(header, body),
            MembershipVersion = 0,
        };
    }

    /// <summary>After an unclear commit the same batch is sent again (rule 4): the keys make it safe.</summary>
    private async ValueTask<IReadOnlyList<AppendResult>?> AppendAsync(List<AppendRequest> requests, HeldAnswers? earlier)
    {
        var first = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var started = time.GetTimestamp();
            try
            {
                var appending = store.AppendAsync(requests, CancellationToken.None);
                earlier?.Give();
                var results = await appending.ConfigureAwait(false);
                metrics.Appended(requests.Count, time.GetElapsedTime(started));
                return results;
            }
            catch (ChatStoreException exception)
            {
                earlier?.Give();
                MessagingLog.AppendFailed(logger, requests.Count, attempt, exception);
                if (!exception.IsTransient || attempt == MaxTries || time.GetElapsedTime(first) > MaxTryTime)
                {
                    return null;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(50 << attempt), time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<(List<WriteItem> Stale, HeldAnswers? Held)> FinishAsync(
        List<Work> work, List<AppendRequest> requests, IReadOnlyList<AppendResult> results,
        Dictionary<ConversationId, MembershipView?> views, Dictionary<ConversationId, long> versions)
    {
        var whole = true;
        var runs = new EntryRuns();
        for (var i = 0; i < requests.Count; i++)
        {
            if (results[i].Outcome == AppendOutcome.Appended)
            {
                var entry = EntryOf(requests[i], results[i]);
                if (entry.Header.Kind == EntryKind.Membership)
                {
                    await memberships.ApplyAsync(entry, CancellationToken.None).ConfigureAwait(false);
                }

                runs.Add(entry, results[i].MembershipVersion);
            }
            else
            {
                whole = false;
            }
        }

        var stale = new List<WriteItem>();
        var hints = runs.ToHints();
        if (whole && hints.Sum(hint => views.GetValueOrDefault(hint.Conversation)?.Membership.Members.Count ?? 0) >= Many)
        {
            return (stale, new HeldAnswers(() => AnswerHeld(work, results, hints)));
        }

        AnswerAll(work, results, hints, versions, stale);
        return (stale, null);
    }

    private readonly record struct Work(WriteItem Item, int Index, ChatError? Error, long Version);
}
