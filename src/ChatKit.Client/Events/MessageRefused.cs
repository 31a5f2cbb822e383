namespace ChatKit.Client;

/// <summary>A message of this client was refused for good, or given up.</summary>
/// <param name="Message">The message.</param>
/// <param name="Error">Why.</param>
public sealed record MessageRefused(ChatMessage Message, ChatClientException Error) : ChatEvent;
