namespace ChatKit.Messaging;

/// <summary>A message to send, as its parts.</summary>
/// <param name="From">Who sends.</param>
/// <param name="Conversation">The conversation; null with <paramref name="To"/>.</param>
/// <param name="To">The other user of a direct conversation; null with <paramref name="Conversation"/>.</param>
/// <param name="Body">The body.</param>
/// <param name="ContentType">Its MIME type.</param>
/// <param name="Assets">How many assets it names.</param>
/// <param name="Command">The id of the command.</param>
/// <param name="Device">The device that sends; null for the host's own code.</param>
internal readonly record struct MessageCommand(
    UserId From, ConversationId? Conversation, UserId? To, ReadOnlyMemory<byte> Body, string ContentType, int Assets, CommandId Command, string? Device);
