namespace ChatKit.Wire;

/// <summary>A position in a conversation.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="Seq">The position.</param>
public sealed record WireCursor(string Conversation, long Seq);
