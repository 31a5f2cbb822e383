namespace ChatKit.Client;

/// <summary>How far a message has got on its way into the log.</summary>
public enum MessageStatus
{
    /// <summary>In the outbox: shown, not yet answered by the server.</summary>
    Pending = 0,

    /// <summary>In the log.</summary>
    Accepted = 1,

    /// <summary>Refused for good, or given up. It stays with the client until <see cref="ChatClient.WithdrawAsync"/>.</summary>
    Refused = 2,
}
