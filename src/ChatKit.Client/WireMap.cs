using System.Text;
using ChatKit.Client.Store;
using ChatKit.Wire;

namespace ChatKit.Client;

/// <summary>From the wire's records to the client's. What does not obey the protocol throws <see cref="FormatException"/> or <see cref="ArgumentException"/>.</summary>
internal static class WireMap
{
    public static ChatMessage Message(WireEntry e) => new()
    {
        Conversation = new ConversationId(e.Conversation),
        Seq = e.Seq,
        At = e.At,
        From = new UserId(e.From),
        Command = e.Id is null ? null : new CommandId(e.Id),
        Text = e.Deleted == true ? null : e.Text,
        Data = e.Data is null || e.Deleted == true ? default : Convert.FromBase64String(e.Data),
        ContentType = e.ContentType ?? "text/plain",
        Assets = [.. (e.Assets ?? []).Select(static a => new AssetId(a))],
        Version = e.Version ?? 0,
        IsDeleted = e.Deleted == true,
        Counts = e.Counts == true,
    };

    /// <summary>What an edit makes of its message, as far as the edit tells it.</summary>
    public static ChatMessage Edit(WireEntry e, long target) => Message(e) with { Seq = target, Version = e.Seq };

    /// <summary>The inverse of <see cref="Message"/>.</summary>
    public static WireEntry Entry(ChatMessage m) => new()
    {
        Conversation = m.Conversation!.Value.Value,
        Seq = m.Seq,
        At = m.At,
        Kind = "message",
        From = m.From!.Value.Value,
        Id = m.Command?.Value,
        Text = m.Text,
        Data = m.Data.IsEmpty ? null : Convert.ToBase64String(m.Data.Span),
        ContentType = m.ContentType == "text/plain" ? null : m.ContentType,
        Assets = m.Assets.Count == 0 ? null : [.. m.Assets.Select(static a => a.Value)],
        Version = m.Version == 0 ? null : m.Version,
        Deleted = m.IsDeleted ? true : null,
        Counts = m.Counts ? true : null,
    };

    /// <summary>The message an unanswered <c>send</c> stands for; null for other commands.</summary>
    public static ChatMessage? Echo(StoredCommand command)
    {
        if (command.Frame is not { T: CommandTags.Send } f)
        {
            return null;
        }

        var contentType = f.ContentType ?? "text/plain";
        var data = f.Data is null ? null : Convert.FromBase64String(f.Data);
        var isText = data is not null && contentType.StartsWith("text/", StringComparison.OrdinalIgnoreCase);
        return new ChatMessage
        {
            Conversation = f.Conversation is null ? null : new ConversationId(f.Conversation),
            To = f.To is null ? null : new UserId(f.To),
            At = command.CreatedAt,
            Command = new CommandId(f.Id!),
            Text = isText ? Encoding.UTF8.GetString(data!) : f.Text,
            Data = isText ? default : data,
            ContentType = contentType,
            Assets = [.. (f.Assets ?? []).Select(static a => new AssetId(a))],
            Counts = true,
            Status = MessageStatus.Pending,
        };
    }

    public static ConversationInfo Conversation(WireConversation c) => new()
    {
        Id = new ConversationId(c.Id),
        Kind = Kind(c.Kind),
        Title = c.Title,
        Members = [.. c.Members.Select(Member)],
        MemberCount = c.MemberCount,
        IsMember = c.IsMember,
        LastSeq = c.LastSeq,
        LastMessage = c.LastMessage is null ? null : Message(c.LastMessage),
        LastActivityAt = c.LastActivity,
        Delivered = c.Delivered,
        Read = c.Read,
        Unread = c.Unread,
    };

    public static HistoryPage Page(WireMessagePage p) => new([.. p.Messages.Select(Message)], p.From, p.To, p.AsOf, p.HasMore);

    public static Receipt Receipt(ConversationId conversation, WireReceipt r) => new(conversation, new UserId(r.User), r.Delivered, r.Read);

    public static MessageProgress Progress(WireMessageReceipts r) => new(r.Total, Users(r.Delivered), Users(r.Read));

    public static IReadOnlyList<Presence> Presence(IReadOnlyList<WirePresence>? list) => [.. (list ?? []).Select(static p => new Presence(
        new UserId(p.User),
        p.State switch { "online" => PresenceState.Online, "away" => PresenceState.Away, _ => PresenceState.Offline },
        p.LastSeen))];

    public static IReadOnlyList<UserId> Users(IReadOnlyList<string>? users) => [.. (users ?? []).Select(static u => new UserId(u))];

    public static ConversationKind Kind(string kind) => kind switch
    {
        "direct" => ConversationKind.Direct,
        "group" => ConversationKind.Group,
        _ => throw new FormatException("Unknown kind of conversation."),
    };

    /// <summary>Null for an action newer than this client.</summary>
    public static MembershipAction? Action(string action) => action switch
    {
        "created" => MembershipAction.Created,
        "added" => MembershipAction.Added,
        "removed" => MembershipAction.Removed,
        "left" => MembershipAction.Left,
        "roleChanged" => MembershipAction.RoleChanged,
        _ => null,
    };

    public static ChatClientException Refusal(EventFrame frame)
    {
        var known = ChatErrorCodes.TryParse(frame.Code, out var code);
        return new ChatClientException(
            known ? code : ChatErrorCode.Invalid,
            known ? frame.Message ?? "The server gave no reason." : $"{frame.Code} (unknown to this client): {frame.Message}",
            RetryAfter(frame));
    }

    /// <summary>The wait the server asks for, at most an hour.</summary>
    public static TimeSpan? RetryAfter(EventFrame frame) =>
        frame.RetryAfter is { } ms ? TimeSpan.FromMilliseconds(Math.Clamp(ms, 0, 3_600_000)) : null;

    private static MemberInfo Member(WireMember m) => new(
        new UserId(m.User),
        m.Name,
        m.Role switch { "owner" => MemberRole.Owner, "admin" => MemberRole.Admin, _ => MemberRole.Member },
        m.Picture);
}
