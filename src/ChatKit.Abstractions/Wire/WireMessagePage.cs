namespace ChatKit.Wire;

/// <summary>A page of messages, oldest first.</summary>
/// <param name="Messages">The messages in their present state.</param>
/// <param name="From">The page covers the log from here …</param>
/// <param name="To">… to here.</param>
/// <param name="AsOf">The head when it was read.</param>
/// <param name="HasMore">Whether more lie beyond in the direction asked.</param>
public sealed record WireMessagePage(IReadOnlyList<WireEntry> Messages, long From, long To, long AsOf, bool HasMore);
