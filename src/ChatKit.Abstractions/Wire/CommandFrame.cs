using System.Text.Json.Serialization;

namespace ChatKit.Wire;

/// <summary>A command from a client, tagged by <see cref="T"/>. Which fields a command uses says docs/protocol.md; others are ignored.</summary>
public sealed record CommandFrame
{
    /// <summary>The tag: one of <see cref="CommandTags"/>.</summary>
    public string? T { get; init; }

    /// <summary>The client's id of the command: the key of idempotency of commands that write the log, and what answers name.</summary>
    public string? Id { get; init; }

    /// <summary>The conversation.</summary>
    public string? Conversation { get; init; }

    /// <summary>The other user of a direct conversation, in place of <see cref="Conversation"/>.</summary>
    public string? To { get; init; }

    /// <summary>A text body.</summary>
    public string? Text { get; init; }

    /// <summary>On the server: the text as it came, in place of <see cref="Text"/> and without a content type, so that it need not be made a string to become bytes again.</summary>
    [JsonIgnore]
    internal ReadOnlyMemory<byte>? Utf8Text { get; init; }

    /// <summary>A binary body in base64, in place of <see cref="Text"/>.</summary>
    public string? Data { get; init; }

    /// <summary>The MIME type of the body; <c>text/plain</c> when absent with <see cref="Text"/>.</summary>
    public string? ContentType { get; init; }

    /// <summary>Ids of assets.</summary>
    public IReadOnlyList<string>? Assets { get; init; }

    /// <summary>A message, or a position.</summary>
    public long? Seq { get; init; }

    /// <summary>Positions, in acknowledgements.</summary>
    public IReadOnlyList<WireCursor>? Cursors { get; init; }

    /// <summary>User ids.</summary>
    public IReadOnlyList<string>? Users { get; init; }

    /// <summary>The title of a group.</summary>
    public string? Title { get; init; }

    /// <summary>What later members see: <c>joined</c> (default) or <c>all</c>.</summary>
    public string? History { get; init; }

    /// <summary>Whether the user is typing.</summary>
    public bool? Typing { get; init; }

    /// <summary>Messages before this <c>Seq</c>.</summary>
    public long? Before { get; init; }

    /// <summary>Messages after this <c>Seq</c>.</summary>
    public long? After { get; init; }

    /// <summary>Messages before this time.</summary>
    public DateTimeOffset? BeforeTime { get; init; }

    /// <summary>Messages after this time.</summary>
    public DateTimeOffset? AfterTime { get; init; }

    /// <summary>How many at most.</summary>
    public int? Limit { get; init; }

    /// <summary>The screen, <c>WIDTHxHEIGHT</c> in CSS pixels.</summary>
    public string? ScreenSize { get; init; }

    /// <summary>The token of the page before.</summary>
    public string? Page { get; init; }
}
