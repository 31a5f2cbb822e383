namespace ChatKit.Client;

/// <summary>A message of this client is in the outbox: show it. <see cref="MessageAccepted"/> or <see cref="MessageRefused"/> with the same
/// <see cref="ChatMessage.Command"/> follows.</summary>
/// <param name="Message">The message.</param>
public sealed record MessagePending(ChatMessage Message) : ChatEvent;
