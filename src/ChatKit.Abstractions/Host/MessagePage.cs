namespace ChatKit;

/// <summary>A page of messages in their present state, oldest first (ARCHITECTURE, rule 13).</summary>
/// <param name="Messages">The messages; deleted ones as tombstones without a body. Membership entries are not in here.</param>
/// <param name="From">The page covers the log from this <c>Seq</c> …</param>
/// <param name="To">… to this one; 0 and 0 when it covers nothing.</param>
/// <param name="AsOf">The head's <c>Seq</c> when the page was read: the state includes every change up to it.</param>
/// <param name="HasMore">Whether visible entries lie beyond the page in the direction asked.</param>
public sealed record MessagePage(IReadOnlyList<LogEntry> Messages, long From, long To, long AsOf, bool HasMore);
