using System.Buffers.Binary;
using LiteDB;

namespace ChatKit.Storage.LiteDb;

/// <summary>One append call on the writer thread: judges the items in order and writes what is accepted.</summary>
internal sealed class LogAppender(WriteSession session)
{
    // One feed row a conversation and call: entries of one conversation in one call are neighbours, as there is one writer.
    private readonly Dictionary<string, FeedItem> _feed = new(StringComparer.Ordinal);
    private readonly List<string> _feedOrder = [];

    public IReadOnlyList<AppendResult> Append(IReadOnlyList<AppendRequest> batch)
    {
        var results = new AppendResult[batch.Count];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = Judge(batch[i]);
        }

        foreach (var key in _feedOrder)
        {
            var item = _feed[key];
            session.Insert(Collections.Feed, new BsonDocument
            {
                ["_id"] = session.NextFeedPosition(),
                ["c"] = key,
                ["from"] = item.From,
                ["to"] = item.To,
                ["mv"] = item.MembershipVersion,
            });
        }

        return results;
    }

    private static string CommandKey(HeadState head, AppendRequest request) =>
        Keys.Join(Keys.Join(Keys.Number(head.Number), request.Sender.Value), request.Command.Value);

    private static byte[] Hash(AppendRequest request)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, request.PayloadHash);
        return bytes;
    }

    private AppendResult Judge(AppendRequest request)
    {
        var key = Keys.Conversation(request.Conversation);
        var head = session.Heads.Find(key);
        if (head is null)
        {
            return request is { MembershipVersion: 0, Header.Kind: EntryKind.Membership }
                ? request.ExpectedEpoch is not (null or 0) ? new AppendResult(AppendOutcome.StaleEpoch, 0, default, 0, 0) : Store(request, key, new HeadState { Number = session.NextConversationNumber() }, edited: null)
                : new AppendResult(AppendOutcome.StaleMembership, 0, default, 0, 0);
        }

        if (session.Find(Collections.Commands, CommandKey(head, request)) is { } known)
        {
            return known["h"].AsBinary.AsSpan().SequenceEqual(Hash(request))
                ? new AppendResult(AppendOutcome.Duplicate, known["q"].AsInt64,
                    new DateTimeOffset(known["a"].AsInt64, TimeSpan.Zero), head.MembershipVersion, head.Epoch)
                : Refuse(AppendOutcome.Conflict, head);
        }

        if (request.MembershipVersion != head.MembershipVersion)
        {
            return Refuse(AppendOutcome.StaleMembership, head);
        }

        if (request.ExpectedEpoch is { } epoch && epoch != head.Epoch)
        {
            return Refuse(AppendOutcome.StaleEpoch, head);
        }

        BsonDocument? target = null;
        if (request.Header.Kind is EntryKind.Edit or EntryKind.Deletion or EntryKind.Reaction or EntryKind.Pin)
        {
            target = LiveMessage(head, request.Header.Target);
            if (target is null)
            {
                return Refuse(AppendOutcome.TargetGone, head);
            }
        }

        return Store(request, key, head, request.Header.Kind is EntryKind.Edit or EntryKind.Deletion ? target : null);
    }

    private static AppendResult Refuse(AppendOutcome outcome, HeadState head) =>
        new(outcome, 0, default, head.MembershipVersion, head.Epoch);

    private BsonDocument? LiveMessage(HeadState head, long? seq) =>
        seq > head.TrimmedTo && seq <= head.LastSeq
        && session.Find(Collections.Entries, Keys.Entry(head.Number, seq.Value)) is { } target
        && EntryDocuments.Kind(target) == EntryKind.Message && !EntryDocuments.IsErased(target)
            ? target
            : null;

    private AppendResult Store(AppendRequest request, string key, HeadState head, BsonDocument? edited)
    {
        if (head.LastSeq >= uint.MaxValue)
        {
            throw new ChatStoreException("The conversation is full: an embedded file holds 4,294,967,295 entries of one.", isTransient: false);
        }

        var accepted = Math.Max(session.Time.GetUtcNow().UtcTicks, head.LastAcceptedTicks);
        head.LastSeq++;
        head.LastAcceptedTicks = accepted;
        head.Ordinal += request.Header.Counts ? 1 : 0;
        var entry = EntryDocuments.Create(request, head, accepted);
        if (edited is not null)
        {
            if (request.Header.Kind == EntryKind.Edit)
            {
                entry["p"] = EntryDocuments.Version(edited);
                edited["v"] = head.LastSeq;
                session.Update(Collections.Entries, edited);
            }
            else
            {
                Erase(head, edited);
            }
        }

        session.Insert(Collections.Entries, entry);
        session.Insert(Collections.Commands, new BsonDocument
        {
            ["_id"] = CommandKey(head, request),
            ["h"] = Hash(request),
            ["q"] = head.LastSeq,
            ["a"] = accepted,
        });

        if (request.Header.Kind == EntryKind.Membership)
        {
            head.MembershipVersion = head.LastSeq;
        }

        if (request.Header.Kind == EntryKind.Message)
        {
            head.LastMessageSeq = head.LastSeq;
            head.LastActivityTicks = accepted;
        }
        else if (head.LastSeq == 1)
        {
            head.LastActivityTicks = accepted;
        }

        head.Epoch += request.ExpectedEpoch is null ? 0 : 1;
        session.Heads.Put(key, head);
        Note(key, request.Conversation, head);
        return new AppendResult(
            AppendOutcome.Appended, head.LastSeq, new DateTimeOffset(accepted, TimeSpan.Zero), head.MembershipVersion, head.Epoch);
    }

    /// <summary>Erases a message and all its edits; <paramref name="head"/> is at the deletion already.</summary>
    private void Erase(HeadState head, BsonDocument message)
    {
        var messageSeq = EntryDocuments.Seq(message);
        var version = EntryDocuments.Version(message);
        while (version != messageSeq)
        {
            var edit = session.Find(Collections.Entries, Keys.Entry(head.Number, version))
                ?? throw new ChatStoreException("The chat database lost an edit of a message.", isTransient: false);
            version = edit["p"].AsInt64;
            EraseOne(edit);
        }

        message["v"] = head.LastSeq;
        EraseOne(message);
    }

    private void EraseOne(BsonDocument entry)
    {
        entry.Remove("b");
        entry.Remove("as");
        entry["e"] = true;
        session.Update(Collections.Entries, entry);
        if (EntryDocuments.Counts(entry))
        {
            session.Insert(Collections.Erased, new BsonDocument { ["_id"] = entry["_id"] });
        }
    }

    private void Note(string key, ConversationId conversation, HeadState head)
    {
        if (_feed.TryGetValue(key, out var item))
        {
            _feed[key] = item with { To = head.LastSeq, MembershipVersion = head.MembershipVersion };
            return;
        }

        _feedOrder.Add(key);
        _feed[key] = new FeedItem(0, conversation, head.LastSeq, head.LastSeq, head.MembershipVersion);
    }
}
