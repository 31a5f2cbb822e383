using System.Text;

namespace ChatKit;

/// <summary>A message to send: to a conversation, or to a user (the direct conversation is made if need be).</summary>
public sealed record SendMessage
{
    /// <summary>Who sends.</summary>
    public required UserId From { get; init; }

    /// <summary>The conversation; null when <see cref="To"/> is given.</summary>
    public ConversationId? Conversation { get; init; }

    /// <summary>The other user of a direct conversation; null when <see cref="Conversation"/> is given.</summary>
    public UserId? To { get; init; }

    /// <summary>The body; its size is limited by the host's options (64 KiB by default).</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The MIME type of the body.</summary>
    public string ContentType { get; init; } = "text/plain";

    /// <summary>Assets it names: complete, verified and the sender's own.</summary>
    public IReadOnlyList<AssetId> Assets { get; init; } = [];

    /// <summary>The id of the command, the same on every retry; a fresh one when not set.</summary>
    public CommandId Command { get; init; } = CommandId.New();

    /// <summary>The device that sends; null for the host's own code.</summary>
    public string? Device { get; init; }

    /// <summary>A text message to a user.</summary>
    /// <param name="from">Who sends.</param>
    /// <param name="to">The other user.</param>
    /// <param name="text">The text.</param>
    /// <returns>The message.</returns>
    public static SendMessage Direct(UserId from, UserId to, string text) =>
        new() { From = from, To = to, Body = Encoding.UTF8.GetBytes(text) };

    /// <summary>A text message to a conversation.</summary>
    /// <param name="from">Who sends.</param>
    /// <param name="conversation">The conversation.</param>
    /// <param name="text">The text.</param>
    /// <returns>The message.</returns>
    public static SendMessage Text(UserId from, ConversationId conversation, string text) =>
        new() { From = from, Conversation = conversation, Body = Encoding.UTF8.GetBytes(text) };
}
