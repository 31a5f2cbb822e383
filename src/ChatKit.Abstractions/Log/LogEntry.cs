namespace ChatKit;

/// <summary>One entry of a conversation's log, as it is stored. Immutable but for erasure: a deleted message and its edits
/// lose their bodies in the transaction of the deletion.</summary>
public sealed record LogEntry
{
    /// <summary>The conversation.</summary>
    public required ConversationId Conversation { get; init; }

    /// <summary>The position in the log: dense, from 1.</summary>
    public required long Seq { get; init; }

    /// <summary>When it was accepted: the store's clock, never before the previous entry's (ARCHITECTURE, rule 16).</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>Who wrote it.</summary>
    public required UserId Sender { get; init; }

    /// <summary>The device that wrote it; null for the host's own code and plain HTTP without one.</summary>
    public string? Device { get; init; }

    /// <summary>The sender's command id.</summary>
    public required CommandId Command { get; init; }

    /// <summary>The clear header.</summary>
    public required EntryHeader Header { get; init; }

    /// <summary>The body: opaque bytes, of the header's content type. Empty when <see cref="Erased"/>.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The membership version in force when the entry was accepted: the <c>Seq</c> of the last membership entry
    /// before it (0 for the first entry).</summary>
    public required long MembershipVersion { get; init; }

    /// <summary>The version of a message, in both views: the <c>Seq</c> of the last edit, or of the deletion, that changed it; its own
    /// <c>Seq</c> when nothing did. Of every other entry its own <c>Seq</c>.</summary>
    public required long Version { get; init; }

    /// <summary>Whether body and assets were erased by a deletion for everyone.</summary>
    public bool Erased { get; init; }

    /// <summary>When the entry may be erased by retention; null: as the host's retention says.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
