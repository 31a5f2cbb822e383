using System.Text.Json.Serialization;

namespace ChatKit.Wire;

/// <summary>A command from a client, tagged by <see cref="T"/>. Which fields a command uses says docs/protocol.md; others are ignored.</summary>
public sealed record CommandFrame
{
    /// <summary>What messages and acknowledgements do not have, and every frame would else make room for.</summary>
    private RareFields? rare;

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
    public IReadOnlyList<string>? Users
    {
        get => rare?.Users;
        init => rare = rare is null && value is null ? null : (rare ?? RareFields.None) with { Users = value };
    }

    /// <summary>The title of a group.</summary>
    public string? Title
    {
        get => rare?.Title;
        init => rare = rare is null && value is null ? null : (rare ?? RareFields.None) with { Title = value };
    }

    /// <summary>What later members see: <c>joined</c> (default) or <c>all</c>.</summary>
    public string? History
    {
        get => rare?.History;
        init => rare = rare is null && value is null ? null : (rare ?? RareFields.None) with { History = value };
    }

    /// <summary>Whether the user is typing.</summary>
    public bool? Typing
    {
        get => rare?.Typing;
        init => rare = rare is null && value is null ? null : (rare ?? RareFields.None) with { Typing = value };
    }

    /// <summary>Messages before this <c>Seq</c>.</summary>
    public long? Before
    {
        get => rare?.Before;
        init => rare = rare is null && value is null ? null : (rare ?? RareFields.None) with { Before = value };
    }

    /// <summary>Messages after this <c>Seq</c>.</summary>
    public long? After
    {
        get => rare?.After;
        init => rare = rare is null && value is null ? null : (rare ?? RareFields.None) with { After = value };
    }

    /// <summary>Messages before this time.</summary>
    public DateTimeOffset? BeforeTime
    {
        get => rare?.BeforeTime;
        init => rare = rare is null && value is null ? null : (rare ?? RareFields.None) with { BeforeTime = value };
    }

    /// <summary>Messages after this time.</summary>
    public DateTimeOffset? AfterTime
    {
        get => rare?.AfterTime;
        init => rare = rare is null && value is null ? null : (rare ?? RareFields.None) with { AfterTime = value };
    }

    /// <summary>How many at most.</summary>
    public int? Limit
    {
        get => rare?.Limit;
        init => rare = rare is null && value is null ? null : (rare ?? RareFields.None) with { Limit = value };
    }

    /// <summary>The screen, <c>WIDTHxHEIGHT</c> in CSS pixels.</summary>
    public string? ScreenSize
    {
        get => rare?.ScreenSize;
        init => rare = rare is null && value is null ? null : (rare ?? RareFields.None) with { ScreenSize = value };
    }

    /// <summary>The token of the page before.</summary>
    public string? Page
    {
        get => rare?.Page;
        init => rare = rare is null && value is null ? null : (rare ?? RareFields.None) with { Page = value };
    }

    private sealed record RareFields
    {
        public static RareFields None { get; } = new();

        public IReadOnlyList<string>? Users { get; init; }

        public string? Title { get; init; }

        public string? History { get; init; }

        public bool? Typing { get; init; }

        public long? Before { get; init; }

        public long? After { get; init; }

        public DateTimeOffset? BeforeTime { get; init; }

        public DateTimeOffset? AfterTime { get; init; }

        public int? Limit { get; init; }

        public string? ScreenSize { get; init; }

        public string? Page { get; init; }
    }
}
