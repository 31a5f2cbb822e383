namespace ChatKit.Client;

/// <summary>A message on its way: what <see cref="ChatConversation.SendAsync(string, CancellationToken)"/> returns at once.</summary>
public sealed class OutgoingMessage
{
    internal OutgoingMessage(ChatMessage message, Task<SentMessage> accepted)
    {
        Message = message;
        Accepted = accepted;
    }

    /// <summary>The message as it was put into the outbox, to be shown at once.</summary>
    public ChatMessage Message { get; }

    /// <summary>The id of the command, the same on every retry and on the entry in the log.</summary>
    public CommandId Command => Message.Command!.Value;

    /// <summary>Completes when the message is in the log, however often that takes a new connection. Faults with <see cref="ChatClientException"/>
    /// when it is refused for good, given up after <see cref="ChatClientOptions.OutboxGiveUp"/>, or the client is disposed before the answer.</summary>
    public Task<SentMessage> Accepted { get; }
}
