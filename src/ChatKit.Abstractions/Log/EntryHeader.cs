namespace ChatKit;

/// <summary>The part of an entry the server reads, in clear even when the body is encrypted (ARCHITECTURE, rule 3).</summary>
public sealed record EntryHeader
{
    /// <summary>What the entry is.</summary>
    public required EntryKind Kind { get; init; }

    /// <summary>The <c>Seq</c> of the message that an edit, deletion, reaction or pin changes: a message of the conversation that is
    /// neither erased nor trimmed. Kept but not checked on other kinds, which usually have none.</summary>
    public long? Target { get; init; }

    /// <summary>Whether the entry counts as unread for the others.</summary>
    public bool Counts { get; init; }

    /// <summary>The assets the entry names.</summary>
    public IReadOnlyList<AssetId> Assets { get; init; } = [];

    /// <summary>The MIME type of the body, at most 128 characters, for example <c>text/plain</c>.</summary>
    public string ContentType { get; init; } = "text/plain";
}
