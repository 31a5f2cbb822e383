namespace ChatKit.Client;

/// <summary>A page of conversations, the last active first.</summary>
/// <param name="Conversations">The conversations.</param>
/// <param name="Next">The opaque token of the next page; null at the end.</param>
public sealed record ConversationList(IReadOnlyList<ConversationInfo> Conversations, string? Next);
