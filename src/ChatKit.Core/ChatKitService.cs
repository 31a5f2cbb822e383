using ChatKit.Delivery;
using ChatKit.LastSeen;
using ChatKit.Messaging;

namespace ChatKit;

/// <summary>The engine as a host's code sees it.</summary>
internal sealed class ChatKitService(
    CommandPreparer preparer,
    MessageWriter writer,
    HistoryService history,
    ConversationService conversations,
    ReceiptQueries receipts,
    PresenceService presence,
    IChatAuthorizer authorizer,
    IDeviceDirectory devices,
    IRelayQueue relay,
    Dispatcher dispatcher,
    TimeProvider time) : IChatKit
{
    public ValueTask<ChatResult<SentMessage>> SendAsync(SendMessage message, CancellationToken cancellationToken) =>
        WriteAsync(completion => preparer.PrepareAsync(message, completion, lane: null, cancellationToken), cancellationToken);

    public ValueTask<ChatResult<SentMessage>> EditAsync(EditMessage edit, CancellationToken cancellationToken) =>
        WriteAsync(completion => preparer.PrepareAsync(edit, completion, lane: null, cancellationToken), cancellationToken);

    public ValueTask<ChatResult<SentMessage>> DeleteAsync(DeleteMessage deletion, CancellationToken cancellationToken) =>
        WriteAsync(completion => preparer.PrepareAsync(deletion, completion, lane: null, cancellationToken), cancellationToken);

    public ValueTask<ChatResult<SentMessage>> CreateGroupAsync(CreateGroup group, CancellationToken cancellationToken) =>
        WriteAsync(completion => preparer.PrepareAsync(group, completion, lane: null, cancellationToken), cancellationToken);

    public ValueTask<ChatResult<SentMessage>> ChangeMembersAsync(ChangeMembers change, CancellationToken cancellationToken) =>
        WriteAsync(completion => preparer.PrepareAsync(change, completion, lane: null, cancellationToken), cancellationToken);

    public ValueTask<ChatResult<MessagePage>> GetMessagesAsync(MessageQuery query, CancellationToken cancellationToken) =>
        history.GetAsync(query, cancellationToken);

    public ValueTask<ChatResult<ConversationPage>> GetConversationsAsync(UserId user, string? after, int limit, CancellationToken cancellationToken) =>
        conversations.ListAsync(user, after, limit, cancellationToken);

    public ValueTask<ChatResult<Conversation>> GetConversationAsync(UserId user, ConversationId conversation, CancellationToken cancellationToken) =>
        conversations.GetAsync(user, conversation, cancellationToken);

    public ValueTask<ChatResult<Receipt>> MarkReadAsync(UserId user, ConversationId conversation, long seq, CancellationToken cancellationToken)
    {
        presence.UserActive(user);
        return receipts.MarkReadAsync(user, conversation, seq, cancellationToken);
    }

    public ValueTask<ChatResult<IReadOnlyList<Receipt>>> GetReceiptsAsync(UserId user, ConversationId conversation, CancellationToken cancellationToken) =>
        receipts.GetAsync(user, conversation, cancellationToken);

    public ValueTask<ChatResult<MessageReceipts>> GetMessageReceiptsAsync(UserId user, ConversationId conversation, long seq, CancellationToken cancellationToken) =>
        receipts.GetForMessageAsync(user, conversation, seq, cancellationToken);

    public async ValueTask<ChatResult<IReadOnlyList<Presence>>> GetPresenceAsync(UserId viewer, IReadOnlyList<UserId> users, CancellationToken cancellationToken)
    {
        if (users.Count is 0 or > PresenceService.MaxWatched)
        {
            return new ChatError(ChatErrorCode.Invalid, $"users: 1 to {PresenceService.MaxWatched}.");
        }

        if (users.Any(user => user.Tenant != viewer.Tenant)
            || !await authorizer.IsAllowedAsync(new(ChatAction.SeePresence, viewer, null, users), cancellationToken).ConfigureAwait(false))
        {
            return new ChatError(ChatErrorCode.Forbidden, "You may not see the presence of these users.");
        }

        var found = await presence.GetAsync(users, cancellationToken).ConfigureAwait(false);
        return ChatResult.From(found);
    }

    public async ValueTask RevokeDeviceAsync(DeviceId device, CancellationToken cancellationToken)
    {
        await devices.RevokeAsync(device, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        await relay.ForgetAsync([device], cancellationToken).ConfigureAwait(false);
        dispatcher.Enqueue(new DeviceRevoked(device));
    }

    private async ValueTask<ChatResult<SentMessage>> WriteAsync(
        Func<IWriteCompletion, ValueTask<ChatResult<WriteItem>>> prepare, CancellationToken cancellationToken)
    {
        var completion = new TaskCompletion();
        try
        {
            var item = await prepare(completion).ConfigureAwait(false);
            if (!item.IsSuccess)
            {
                return item.Error;
            }

            writer.Enqueue(item.Value);
        }
        catch (ChatStoreException)
        {
            return WriteBatchProcessor.Unclear;
        }

        // Cancelling stops the waiting, never the batch (ARCHITECTURE, rule 4).
        return await completion.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
