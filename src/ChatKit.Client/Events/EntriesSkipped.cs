namespace ChatKit.Client;

/// <summary>Entries that are not for this user, or no longer kept: pass over them.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="From">The first.</param>
/// <param name="To">The last.</param>
public sealed record EntriesSkipped(ConversationId Conversation, long From, long To) : ChatEvent;
