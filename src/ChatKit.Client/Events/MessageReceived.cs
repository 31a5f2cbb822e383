namespace ChatKit.Client;

/// <summary>A message came: from another user, or from another device of the same user.</summary>
/// <param name="Message">The message.</param>
public sealed record MessageReceived(ChatMessage Message) : ChatEvent;
