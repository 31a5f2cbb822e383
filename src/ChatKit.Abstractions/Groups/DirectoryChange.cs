namespace ChatKit;

/// <summary>A membership entry on its way into the directory.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="Seq">The entry's <c>Seq</c>: the membership version it makes.</param>
/// <param name="PreviousVersion">The membership version it was made on: 0 for a creation.</param>
/// <param name="Change">What it does.</param>
public sealed record DirectoryChange(ConversationId Conversation, long Seq, long PreviousVersion, MembershipChange Change);
