using ChatKit.Delivery;
using ChatKit.Diagnostics;
using ChatKit.Groups;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatKit.Messaging;

/// <summary>Takes one batch through: order of lanes, authorisation under a membership version, append, and on a stale version
/// once more (ARCHITECTURE, rules 4 to 7).</summary>
internal sealed class WriteBatchProcessor(
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

    /// <summary>A store that has let a call wait this long is not asked again: the clients are told, and keep what they sent.</summary>
    private static readonly TimeSpan MaxTryTime = TimeSpan.FromSeconds(10);

    public static readonly ChatError Unclear = new(
        ChatErrorCode.Unavailable, "The store does not answer; whether the command is stored is open. Send it again with the same id.", TimeSpan.FromSeconds(1));

    private static readonly ChatError OutOfOrder = new(
        ChatErrorCode.OutOfOrder, "An earlier command to this conversation was refused for now: send it again or withdraw it first.");

    public async ValueTask ProcessAsync(List<WriteItem> batch)
    {
        using var activity = ChatKitMetrics.Source.StartActivity("ChatKit.Append");
        activity?.SetTag("chatkit.batch_size", batch.Count);
        var versions = new Dictionary<ConversationId, long>();
        var pending = batch;
        for (var round = 0; round < MaxRounds && pending.Count > 0; round++)
        {
            pending = await RoundAsync(pending, versions).ConfigureAwait(false);
        }

        foreach (var item in pending)
        {
            // Members change faster than we can look: rare, and passing.
            Answer(item, Unclear);
        }
    }

    /// <summary>Refuses a command; a passing refusal blocks its lane until it comes again.</summary>
    public static void Refuse(WriteItem item, ChatError error)
    {
        if (item.Lane is { } lane && error.Code.IsTransient() && error.Code != ChatErrorCode.OutOfOrder)
        {
            lane.Block(item.Request.Command, item.Place);
        }

        item.Completion.Refused(error);
    }

    /// <returns>The items whose membership version was stale.</returns>
    private async ValueTask<List<WriteItem>> RoundAsync(List<WriteItem> items, Dictionary<ConversationId, long> versions)
    {
        Dictionary<ConversationId, MembershipView?> views;
        try
        {
            views = await LoadViewsAsync(items, versions).ConfigureAwait(false);
        }
        catch (ChatStoreException exception)
        {
            MessagingLog.DirectoryFailed(logger, exception);
            RefuseAll(items.Where(PassLane));
            return [];
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
            return [];
        }

        if (await AppendAsync(requests).ConfigureAwait(false) is not { } results)
        {
            RefuseAll(work.Select(one => one.Item));
            return [];
        }

        return await FinishAsync(work, requests, results, versions).ConfigureAwait(false);
    }

    /// <summary>Refuses what passed its lane; the items are enumerated lazily, so that those behind a refused one see it.</summary>
    private void RefuseAll(IEnumerable<WriteItem> items)
    {
        foreach (var item in items)
        {
            Answer(item, item.Lane?.IsBehindBlocker(item.Place) == true ? OutOfOrder : Unclear);
        }
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

    private async ValueTask<Dictionary<ConversationId, MembershipView?>> LoadViewsAsync(List<WriteItem> items, Dictionary<ConversationId, long> versions)
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
    private async ValueTask<IReadOnlyList<AppendResult>?> AppendAsync(List<AppendRequest> requests)
    {
        var first = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var started = time.GetTimestamp();
            try
            {
                var results = await store.AppendAsync(requests, CancellationToken.None).ConfigureAwait(false);
                metrics.Appended(requests.Count, time.GetElapsedTime(started));
                return results;
            }
            catch (ChatStoreException exception)
            {
                MessagingLog.AppendFailed(logger, requests.Count, attempt, exception);
                if (!exception.IsTransient || attempt == MaxTries || time.GetElapsedTime(first) > MaxTryTime)
                {
                    return null;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(50 << attempt), time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<List<WriteItem>> FinishAsync(
        List<Work> work, List<AppendRequest> requests, IReadOnlyList<AppendResult> results, Dictionary<ConversationId, long> versions)
    {
        var stale = new List<WriteItem>();
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
        }

        AnswerAll(work, results, runs.ToHints(), versions, stale);
        return stale;
    }

    /// <summary>Answers and hands on; what both send to one connection leaves together.</summary>
    private void AnswerAll(
        List<Work> work, IReadOnlyList<AppendResult> results, List<EntriesAppended> dispatch, Dictionary<ConversationId, long> versions, List<WriteItem> stale)
    {
        using var cork = Sessions.PumpCork.Begin();
        foreach (var (item, index, error, version) in work)
        {
            var result = results[index];
            switch (result.Outcome)
            {
                case AppendOutcome.Appended:
                    ReadOwn(item, result);
                    Answer(item, result, duplicate: false);
                    break;
                case AppendOutcome.Duplicate:
                    // The host that stored it may have died before it stored the mark.
                    ReadOwn(item, result);
                    dispatch.Add(new EntriesAppended(item.Conversation, result.Seq, result.Seq, result.MembershipVersion, Entries: null));
                    Answer(item, result, duplicate: true);
                    break;
                case AppendOutcome.StaleMembership when (error is null && (result.MembershipVersion > 0 || item.DirectPeer is not null)) || result.MembershipVersion > version:
                    // A refusal by members of the past is no better than a permission by them (rule 7).
                    versions[item.Conversation] = result.MembershipVersion;
                    stale.Add(item);
                    break;
                default:
                    Answer(item, error ?? ErrorOf(result));
                    break;
            }
        }

        dispatcher.Publish(dispatch);
    }

    /// <summary>An own message moves the own read mark (rule 3).</summary>
    private void ReadOwn(WriteItem item, AppendResult result)
    {
        if (item.Request.Header.Kind == EntryKind.Message)
        {
            receipts.Move(item.Conversation, item.Request.Sender, result.Seq, result.Seq);
        }
    }

    private static LogEntry EntryOf(AppendRequest request, AppendResult result) => new()
    {
        Conversation = request.Conversation,
        Seq = result.Seq,
        AcceptedAt = result.AcceptedAt,
        Sender = request.Sender,
        Device = request.Device,
        Command = request.Command,
        Header = request.Header,
        Body = request.Body,
        MembershipVersion = request.MembershipVersion,
        Version = result.Seq,
        ExpiresAt = request.ExpiresAt,
    };

    private static ChatError ErrorOf(AppendResult result) => result.Outcome switch
    {
        AppendOutcome.Conflict => new(ChatErrorCode.Conflict, "The command id was used before with another content."),
        AppendOutcome.StaleEpoch => new(ChatErrorCode.StaleEpoch, $"Another commit won; the epoch is {result.Epoch}."),
        AppendOutcome.TargetGone => new(ChatErrorCode.TargetGone, "The message was deleted or removed."),
        _ => MembershipRules.NotMember,
    };

    private void Answer(WriteItem item, AppendResult result, bool duplicate)
    {
        metrics.CommandAccepted();
        item.Completion.Accepted(new SentMessage(item.Conversation, result.Seq, result.AcceptedAt, item.Request.Command, duplicate));
    }

    private void Answer(WriteItem item, ChatError error)
    {
        metrics.CommandRefused(error.Code);
        Refuse(item, error);
    }

    private readonly record struct Work(WriteItem Item, int Index, ChatError? Error, long Version);
}
