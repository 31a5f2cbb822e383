using System.Text;
using System.Text.Unicode;
using ChatKit.Wire;

namespace ChatKit.Delivery;

/// <summary>From the engine's vocabulary to the wire's (docs/protocol.md).</summary>
internal static class WireMapper
{
    public const string PlainText = "text/plain";

    public static WireEntry ToWire(LogEntry entry)
    {
        var (text, data) = BodyOf(entry);
        var membership = entry.Header.Kind == EntryKind.Membership && !entry.Body.IsEmpty;
        return new WireEntry
        {
            Conversation = entry.Conversation.Value,
            Seq = entry.Seq,
            At = entry.AcceptedAt,
            Kind = KindOf(entry.Header.Kind),
            From = entry.Sender.Value,
            Id = entry.Command.Value,
            Text = text,
            Data = data,
            ContentType = membership || entry.Header.ContentType == PlainText ? null : entry.Header.ContentType,
            Target = entry.Header.Target,
            Version = entry.Version == entry.Seq ? null : entry.Version,
            Counts = entry.Header.Counts ? true : null,
            Deleted = entry.Erased ? true : null,
            Assets = entry.Header.Assets.Count == 0 ? null : [.. entry.Header.Assets.Select(asset => asset.Value)],
            Change = membership ? ToWire(MembershipChange.FromBody(entry.Body.Span)) : null,
        };
    }

    public static WireMessagePage ToWire(MessagePage page) =>
        new([.. page.Messages.Select(ToWire)], page.From, page.To, page.AsOf, page.HasMore);

    public static WireReceipt ToWire(Receipt receipt) => new(receipt.User.Value, receipt.Delivered, receipt.Read);

    public static WirePresence ToWire(Presence presence) => new(presence.User.Value, StateOf(presence.State), presence.LastSeen);

    public static WireMessageReceipts ToWire(MessageReceipts receipts) => new(
        receipts.Recipients.Count, [.. receipts.DeliveredTo.Select(user => user.Value)], [.. receipts.ReadBy.Select(user => user.Value)]);

    /// <summary>An entry as it was written: what changed it since follows in the log. A version that names an edit the body does not have
    /// would make clients pass over that edit (ARCHITECTURE, rule 13); only an erased message says what erased it.</summary>
    public static OutgoingEvent EntryEvent(LogEntry entry) =>
        new EntryEvent(entry.Version == entry.Seq || entry.Erased ? entry : entry with { Version = entry.Seq });

    /// <summary>Whether a body of this type goes out as text.</summary>
    public static bool IsText(string contentType) => contentType.StartsWith("text/", StringComparison.OrdinalIgnoreCase);

    public static OutgoingEvent SkipEvent(ConversationId conversation, long from, long to) =>
        new(new EventFrame { T = EventTags.Skip, Conversation = conversation.Value, Seq = from, To = to });

    public static string KindOf(ConversationKind kind) => kind == ConversationKind.Direct ? "direct" : "group";

    public static string RoleOf(MemberRole role) => role switch
    {
        MemberRole.Owner => "owner",
        MemberRole.Admin => "admin",
        _ => "member",
    };

    private static WireMembershipChange ToWire(MembershipChange change) => new(
        change.Action switch
        {
            MembershipAction.Created => "created",
            MembershipAction.Added => "added",
            MembershipAction.Removed => "removed",
            MembershipAction.Left => "left",
            _ => "roleChanged",
        },
        [.. change.Members.Select(member => member.User)],
        change.Kind is { } kind ? KindOf(kind) : null,
        change.Title,
        change is { Action: MembershipAction.RoleChanged, Members: [{ Role: var role }, ..] } ? RoleOf(role) : null);

    public static string KindOf(EntryKind kind) => kind switch
    {
        EntryKind.Message => "message",
        EntryKind.Edit => "edit",
        EntryKind.Deletion => "deletion",
        EntryKind.Reaction => "reaction",
        EntryKind.Pin => "pin",
        EntryKind.Membership => "membership",
        EntryKind.Details => "details",
        _ => "commit",
    };

    private static string StateOf(PresenceState state) => state switch
    {
        PresenceState.Online => "online",
        PresenceState.Away => "away",
        _ => "offline",
    };

    private static (string? Text, string? Data) BodyOf(LogEntry entry)
    {
        if (entry.Body.IsEmpty || entry.Header.Kind == EntryKind.Membership)
        {
            return (null, null);
        }

        var body = entry.Body.Span;
        return IsText(entry.Header.ContentType) && Utf8.IsValid(body)
            ? (Encoding.UTF8.GetString(body), null)
            : (null, Convert.ToBase64String(body));
    }
}
