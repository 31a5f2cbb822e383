using ChatKit.Wire;

namespace ChatKit.Testing;

/// <summary>The final state of every device against what follows from the log: messages, members, unread (rules 3, 13).</summary>
internal static class StateCheck
{
    public static void Check(RunModel model, DeviceRecord record, FinalState final, string? connection, List<Finding> findings)
    {
        var device = RunModel.NameOf(record);
        if (!final.Exists || connection != "Connected")
        {
            findings.Add(new Finding(FindingKind.Connection, device, null, null,
                final.Exists ? $"is {connection ?? "not connected"} at the end" : "has no final state"));
            return;
        }

        foreach (var conversation in model.Conversations.Where(c => c.IsKnown && c.Users.Contains(record.User)))
        {
            if (!final.Infos.TryGetValue(conversation.Id, out var info))
            {
                findings.Add(new Finding(FindingKind.StatesDiffer, device, conversation.Id, null, "is not among the user's conversations"));
                continue;
            }

            CheckInfo(record.User, device, conversation, info, findings);
            CheckMessages(record.User, device, conversation, final.Messages.GetValueOrDefault(conversation.Id) ?? [], findings);
            CheckCache(record.User, device, conversation, final, info, findings);
        }
    }

    private static void CheckInfo(string user, string device, ConversationModel conversation, WireConversation info, List<Finding> findings)
    {
        if (info.LastSeq != conversation.EndFor(user))
        {
            findings.Add(new Finding(info.LastSeq < conversation.EndFor(user) ? FindingKind.Lost : FindingKind.StatesDiffer, device, conversation.Id, info.LastSeq, $"is said to be the last, it is {conversation.EndFor(user)}"));
        }

        if (info.IsMember != conversation.IsMember(user))
        {
            findings.Add(new Finding(FindingKind.StatesDiffer, device, conversation.Id, null, $"said to be a member: {info.IsMember}"));
        }
        else if (info.IsMember && info.Members.Count == info.MemberCount)
        {
            var said = string.Join(", ", info.Members.Select(static m => $"{m.User} {m.Role}").Order(StringComparer.Ordinal));
            var due = string.Join(", ", conversation.Members.Select(static m => $"{m.Key} {m.Value}").Order(StringComparer.Ordinal));
            if (said != due)
            {
                findings.Add(new Finding(FindingKind.StatesDiffer, device, conversation.Id, null, $"members are said to be {said}; by the log they are {due}"));
            }
        }

        if (info.IsMember && info.Unread != conversation.Unread(user, info.Read))
        {
            findings.Add(new Finding(FindingKind.WrongUnread, device, conversation.Id, info.Read,
                $"is the read mark: {info.Unread} are said to be unread, {conversation.Unread(user, info.Read)} are"));
        }
    }

    private static void CheckMessages(
        string user, string device, ConversationModel conversation, SortedDictionary<long, WireEntry> pages, List<Finding> findings)
    {
        foreach (var seq in pages.Keys.Where(seq => !conversation.Sees(user, seq)))
        {
            findings.Add(new Finding(FindingKind.NotVisible, device, conversation.Id, seq, "is on a page although the user may not see it"));
        }

        foreach (var message in conversation.MessagesFor(user))
        {
            if (!pages.TryGetValue(message.Seq, out var shown))
            {
                findings.Add(new Finding(FindingKind.Lost, device, conversation.Id, message.Seq, $"{RunModel.Show(message)} was in the log and is on no page"));
                continue;
            }

            var changes = conversation.Changes(message.Seq);
            var deleted = changes.Any(static c => c.Kind == "deletion");
            var version = changes.Count == 0 ? (long?)null : changes[^1].Seq;
            if ((shown.Deleted == true) != deleted || shown.Version != version)
            {
                findings.Add(new Finding(FindingKind.StatesDiffer, device, conversation.Id, message.Seq,
                    $"is on the page with version {shown.Version}, deleted {shown.Deleted == true}; by the log {version}, {deleted}"));
            }
            else if (TextOf(message, changes, deleted) is { } text && text != (shown.Text ?? ""))
            {
                findings.Add(new Finding(FindingKind.StatesDiffer, device, conversation.Id, message.Seq, $"is \"{shown.Text}\" on the page, \"{text}\" by the log"));
            }
        }
    }

    /// <summary>Null when the record does not tell: the body was gone before anybody saw it.</summary>
    private static string? TextOf(WireEntry message, IReadOnlyList<WireEntry> changes, bool deleted)
    {
        if (deleted)
        {
            return "";
        }

        return changes.Count > 0 ? changes[^1].Text : message.Version is null ? message.Text : null;
    }

    private static void CheckCache(string user, string device, ConversationModel conversation, FinalState final, WireConversation info, List<Finding> findings)
    {
        if (!final.Caches.TryGetValue(conversation.Id, out var cache))
        {
            return;
        }

        if (info.IsMember && cache.Unread is { } unread && unread != info.Unread)
        {
            findings.Add(new Finding(FindingKind.WrongUnread, device, conversation.Id, info.Read, $"the cache has {unread} unread, the server {info.Unread}"));
        }

        var pages = final.Messages.GetValueOrDefault(conversation.Id) ?? [];

        // What a group that shows all sent him while he was a member stays in his cache, though no page shows it any more.
        foreach (var message in cache.Messages?.Where(message => conversation.Sees(user, message.Seq)) ?? [])
        {
            if (!pages.TryGetValue(message.Seq, out var due))
            {
                findings.Add(new Finding(FindingKind.StatesDiffer, device, conversation.Id, message.Seq, "is in the cache, but on no page"));
            }
            else if (message.Text != due.Text || message.Deleted != due.Deleted || message.Version != due.Version || message.From != due.From)
            {
                findings.Add(new Finding(FindingKind.StatesDiffer, device, conversation.Id, message.Seq,
                    $"is \"{message.Text}\" (version {message.Version}) in the cache, \"{due.Text}\" (version {due.Version}) on the page"));
            }
        }
    }
}
