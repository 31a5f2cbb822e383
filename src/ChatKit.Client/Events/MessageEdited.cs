namespace ChatKit.Client;

/// <summary>A message has a new body.</summary>
/// <param name="Change">The message as far as the edit tells it: conversation, <see cref="ChatMessage.Seq"/> of the edited message, the whole
/// new body, <see cref="ChatMessage.Version"/> (the position of the edit), who edited and when.</param>
/// <param name="Message">The message in its present state; null when it is not in the cache.</param>
public sealed record MessageEdited(ChatMessage Change, ChatMessage? Message) : ChatEvent;
