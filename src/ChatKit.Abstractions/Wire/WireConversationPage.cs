namespace ChatKit.Wire;

/// <summary>A page of conversations, the last active first.</summary>
/// <param name="Conversations">The conversations.</param>
/// <param name="Next">The token of the next page; absent at the end.</param>
public sealed record WireConversationPage(IReadOnlyList<WireConversation> Conversations, string? Next);
