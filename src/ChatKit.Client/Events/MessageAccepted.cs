namespace ChatKit.Client;

/// <summary>A message of this client is in the log. Raised once a message; no <see cref="MessageReceived"/> follows for it.</summary>
/// <param name="Message">The message with its conversation and position.</param>
public sealed record MessageAccepted(ChatMessage Message) : ChatEvent;
