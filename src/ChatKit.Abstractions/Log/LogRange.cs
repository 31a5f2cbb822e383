namespace ChatKit;

/// <summary>A part of a log to read: <paramref name="From"/> to <paramref name="To"/>, both included.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="From">The lowest <c>Seq</c> wanted.</param>
/// <param name="To">The highest <c>Seq</c> wanted; <see cref="long.MaxValue"/> for the end.</param>
/// <param name="Limit">How many entries at most: 1 to 10,000.</param>
/// <param name="Descending">Newest first.</param>
/// <param name="View">Every entry as written, or the messages in their present state.</param>
public readonly record struct LogRange(
    ConversationId Conversation, long From, long To, int Limit, bool Descending = false, LogView View = LogView.Entries);
