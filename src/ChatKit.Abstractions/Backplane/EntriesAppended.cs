namespace ChatKit;

/// <summary>A conversation's log has grown.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="From">The first new <c>Seq</c>.</param>
/// <param name="To">The last new <c>Seq</c>.</param>
/// <param name="MembershipVersion">The membership version after <paramref name="To"/>.</param>
/// <param name="Entries">The new entries, or null when a receiver must pull them.</param>
public sealed record EntriesAppended(
    ConversationId Conversation, long From, long To, long MembershipVersion, IReadOnlyList<LogEntry>? Entries) : BackplaneMessage;
