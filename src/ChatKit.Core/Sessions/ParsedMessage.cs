using ChatKit.Messaging;

namespace ChatKit.Sessions;

/// <summary>A message to send: of all commands the one that comes often, so it holds its parts itself.</summary>
internal sealed class ParsedMessage(
    DeviceId device, CommandId id, ConversationId conversation, UserId? to, ReadOnlyMemory<byte> body, string contentType, int assets)
    : ParsedCommand(id, conversation, prepare: null)
{
    public override ValueTask<ChatResult<WriteItem>> PrepareAsync(
        CommandPreparer preparer, IWriteCompletion completion, SendLane lane, CancellationToken cancellationToken) => preparer.PrepareAsync(
            new MessageCommand(device.User, to is null ? Conversation : null, to, body, contentType, assets, Id, device.Value), completion, lane, cancellationToken);
}
