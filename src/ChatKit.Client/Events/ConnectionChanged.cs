namespace ChatKit.Client;

/// <summary>The client connected, lost its connection, or stopped.</summary>
/// <param name="State">The new state.</param>
/// <param name="Error">Why it was lost or stopped; null when nothing went wrong.</param>
public sealed record ConnectionChanged(ChatConnectionState State, ChatClientException? Error) : ChatEvent;
