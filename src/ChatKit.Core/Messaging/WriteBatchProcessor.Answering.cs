using ChatKit.Groups;
using ChatKit.Sessions;

namespace ChatKit.Messaging;

/// <summary>What the senders are told, and who hears of the entries.</summary>
internal sealed partial class WriteBatchProcessor
{
    /// <summary>Refuses a command; a passing refusal blocks its lane until it comes again.</summary>
    public static void Refuse(WriteItem item, ChatError error)
    {
        if (item.Lane is { } lane && error.Code.IsTransient() && error.Code != ChatErrorCode.OutOfOrder)
        {
            lane.Block(item.Request.Command, item.Place);
        }

        item.Completion.Refused(error);
    }

    /// <summary>Refuses what passed its lane; the items are enumerated lazily, so that those behind a refused one see it.</summary>
    private void RefuseAll(IEnumerable<WriteItem> items)
    {
        foreach (var item in items)
        {
            Answer(item, item.Lane?.IsBehindBlocker(item.Place) == true ? OutOfOrder : Unclear);
        }
    }

    /// <summary>As <see cref="AnswerAll"/> where everything was appended, while the next batch is under way: a fault here is not that one's.</summary>
    private void AnswerHeld(List<Work> work, IReadOnlyList<AppendResult> results, List<EntriesAppended> dispatch)
    {
        try
        {
            AnswerAll(work, results, dispatch, versions: [], stale: []);
        }
        catch (Exception exception)
        {
            MessagingLog.BatchFailed(logger, work.Count, exception);
            foreach (var one in work)
            {
                Refuse(one.Item, Unclear);
            }
        }
    }

    /// <summary>Answers and hands on; what both send to one connection leaves together.</summary>
    private void AnswerAll(
        List<Work> work, IReadOnlyList<AppendResult> results, List<EntriesAppended> dispatch, Dictionary<ConversationId, long> versions, List<WriteItem> stale)
    {
        using var cork = PumpCork.Begin();
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
}
