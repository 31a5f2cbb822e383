namespace ChatKit;

/// <summary>One row of the feed of all conversations: the entries of one conversation that one append stored.</summary>
/// <param name="Position">The position in the feed; rising, not necessarily dense.</param>
/// <param name="Conversation">The conversation.</param>
/// <param name="From">The first <c>Seq</c> stored.</param>
/// <param name="To">The last <c>Seq</c> stored.</param>
/// <param name="MembershipVersion">The membership version after <paramref name="To"/>.</param>
public readonly record struct FeedItem(long Position, ConversationId Conversation, long From, long To, long MembershipVersion);
