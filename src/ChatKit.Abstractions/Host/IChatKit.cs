namespace ChatKit;

/// <summary>What a host uses to chat from its own code: the same way through the engine as a client's command, with the same
/// checks. Thread-safe; a singleton. Refusals are values (<see cref="ChatResult{T}"/>); every method may also
/// throw <see cref="OperationCanceledException"/>, and queries throw <see cref="ChatStoreException"/> when a store cannot answer.</summary>
public interface IChatKit
{
    /// <summary>Sends a message. Success means: committed.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Stops the waiting; the message may still be stored. Send again with the same <see cref="SendMessage.Command"/> to learn.</param>
    /// <returns>Where it is stored, or why not.</returns>
    ValueTask<ChatResult<SentMessage>> SendAsync(SendMessage message, CancellationToken cancellationToken = default);

    /// <summary>Gives a message of one's own another body.</summary>
    /// <param name="edit">The edit.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>Where the edit is stored, or why not.</returns>
    ValueTask<ChatResult<SentMessage>> EditAsync(EditMessage edit, CancellationToken cancellationToken = default);

    /// <summary>Deletes a message of one's own for everyone.</summary>
    /// <param name="deletion">The deletion.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>Where the deletion is stored, or why not.</returns>
    ValueTask<ChatResult<SentMessage>> DeleteAsync(DeleteMessage deletion, CancellationToken cancellationToken = default);

    /// <summary>Creates a group. The same creator and command id give the same group.</summary>
    /// <param name="group">The group.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>Its first entry, or why not.</returns>
    ValueTask<ChatResult<SentMessage>> CreateGroupAsync(CreateGroup group, CancellationToken cancellationToken = default);

    /// <summary>Adds members to a group, removes them, or leaves it.</summary>
    /// <param name="change">The change.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>Where the membership entry is stored, or why not.</returns>
    ValueTask<ChatResult<SentMessage>> ChangeMembersAsync(ChangeMembers change, CancellationToken cancellationToken = default);

    /// <summary>Reads a page of messages in their present state.</summary>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The page, or why not.</returns>
    ValueTask<ChatResult<MessagePage>> GetMessagesAsync(MessageQuery query, CancellationToken cancellationToken = default);

    /// <summary>Reads a page of a user's conversations, the last active first.</summary>
    /// <param name="user">The user.</param>
    /// <param name="after">The token of the page before; null for the first.</param>
    /// <param name="limit">How many at most: 1 to 200.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The page, or why not.</returns>
    ValueTask<ChatResult<ConversationPage>> GetConversationsAsync(UserId user, string? after = null, int limit = 50, CancellationToken cancellationToken = default);

    /// <summary>Reads one conversation of a user.</summary>
    /// <param name="user">The user.</param>
    /// <param name="conversation">The conversation.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The conversation with its members, or why not.</returns>
    ValueTask<ChatResult<Conversation>> GetConversationAsync(UserId user, ConversationId conversation, CancellationToken cancellationToken = default);

    /// <summary>Marks a conversation as read (and so delivered) up to a message. Never moves back.</summary>
    /// <param name="user">The user.</param>
    /// <param name="conversation">The conversation.</param>
    /// <param name="seq">The last message shown; beyond the end means the end.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The user's marks, or why not.</returns>
    ValueTask<ChatResult<Receipt>> MarkReadAsync(UserId user, ConversationId conversation, long seq, CancellationToken cancellationToken = default);

    /// <summary>Reads how far the members have got.</summary>
    /// <param name="user">Who asks; a member.</param>
    /// <param name="conversation">The conversation.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>One receipt a present member, or why not.</returns>
    ValueTask<ChatResult<IReadOnlyList<Receipt>>> GetReceiptsAsync(UserId user, ConversationId conversation, CancellationToken cancellationToken = default);

    /// <summary>Reads who has got and who has read one message: k of n, and who.</summary>
    /// <param name="user">Who asks; a member who sees the message.</param>
    /// <param name="conversation">The conversation.</param>
    /// <param name="seq">The message.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The answer, or why not.</returns>
    ValueTask<ChatResult<MessageReceipts>> GetMessageReceiptsAsync(UserId user, ConversationId conversation, long seq, CancellationToken cancellationToken = default);

    /// <summary>Reads users' presence.</summary>
    /// <param name="viewer">Who asks.</param>
    /// <param name="users">Whose: at most 200.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>One a user, in order, or why not.</returns>
    ValueTask<ChatResult<IReadOnlyList<Presence>>> GetPresenceAsync(UserId viewer, IReadOnlyList<UserId> users, CancellationToken cancellationToken = default);

    /// <summary>Revokes a device: its sessions end, it gets nothing more.</summary>
    /// <param name="device">The device.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>A task that completes when it is durable.</returns>
    ValueTask RevokeDeviceAsync(DeviceId device, CancellationToken cancellationToken = default);
}
