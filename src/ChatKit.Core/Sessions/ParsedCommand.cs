using ChatKit.Messaging;

namespace ChatKit.Sessions;

/// <summary>A well-formed command that writes a log.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Conversation">The log it writes.</param>
/// <param name="PrepareAsync">Makes it ready for the writer.</param>
internal sealed record ParsedCommand(
    CommandId Id,
    ConversationId Conversation,
    Func<CommandPreparer, IWriteCompletion, SendLane, CancellationToken, ValueTask<ChatResult<WriteItem>>> PrepareAsync)
{
    public bool IsMessage { get; init; }

    public bool IsWithdrawal { get; init; }
}
