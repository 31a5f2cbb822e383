namespace ChatKit.Client;

/// <summary>A message of this client was refused for good, or given up. It stays among <see cref="ChatConversation.CachedMessages"/>, also over a restart of
/// the app, until <see cref="ChatClient.WithdrawAsync"/>: show it with the reason, and let the user send it anew or drop it.</summary>
/// <param name="Message">The message.</param>
/// <param name="Error">Why.</param>
public sealed record MessageRefused(ChatMessage Message, ChatClientException Error) : ChatEvent;
