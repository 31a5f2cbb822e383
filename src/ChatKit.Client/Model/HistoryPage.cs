namespace ChatKit.Client;

/// <summary>A page of messages in their present state, oldest first.</summary>
/// <param name="Messages">The messages; deleted ones as tombstones.</param>
/// <param name="From">The page covers the log from this <c>Seq</c> …</param>
/// <param name="To">… to this one; 0 and 0 when it covers nothing.</param>
/// <param name="AsOf">The end of the log when the page was read: the state includes every change up to it.</param>
/// <param name="HasMore">Whether more lies beyond the page in the direction asked.</param>
public sealed record HistoryPage(IReadOnlyList<ChatMessage> Messages, long From, long To, long AsOf, bool HasMore);
