namespace ChatKit.Client;

/// <summary>A message of this client was withdrawn (<see cref="ChatClient.WithdrawAsync"/>): show it no longer. Should it have been on its way and
/// stored all the same, it comes as <see cref="MessageReceived"/>.</summary>
/// <param name="Message">The message.</param>
public sealed record MessageWithdrawn(ChatMessage Message) : ChatEvent;
