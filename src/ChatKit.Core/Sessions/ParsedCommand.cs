using ChatKit.Messaging;

namespace ChatKit.Sessions;

/// <summary>Makes a command ready for the writer.</summary>
internal delegate ValueTask<ChatResult<WriteItem>> Preparation(CommandPreparer preparer, IWriteCompletion completion, SendLane lane, CancellationToken cancellationToken);

/// <summary>A well-formed command that writes a log.</summary>
/// <param name="id">Its id.</param>
/// <param name="conversation">The log it writes.</param>
/// <param name="prepare">Makes it ready for the writer.</param>
internal class ParsedCommand(CommandId id, ConversationId conversation, Preparation? prepare)
{
    public CommandId Id { get; } = id;

    public ConversationId Conversation { get; } = conversation;

    public bool IsWithdrawal { get; init; }

    public virtual ValueTask<ChatResult<WriteItem>> PrepareAsync(
        CommandPreparer preparer, IWriteCompletion completion, SendLane lane, CancellationToken cancellationToken) => prepare!(preparer, completion, lane, cancellationToken);
}
