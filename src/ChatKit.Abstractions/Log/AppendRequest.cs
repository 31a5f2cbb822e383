namespace ChatKit;

/// <summary>One entry to append.</summary>
public sealed record AppendRequest
{
    /// <summary>The conversation.</summary>
    public required ConversationId Conversation { get; init; }

    /// <summary>Who writes; of the conversation's tenant.</summary>
    public required UserId Sender { get; init; }

    /// <summary>The device that writes; null for none.</summary>
    public string? Device { get; init; }

    /// <summary>The sender's command id: with tenant, conversation and sender the key of idempotency.</summary>
    public required CommandId Command { get; init; }

    /// <summary>A hash of everything the command says: the same key with another hash is a conflict.</summary>
    public required UInt128 PayloadHash { get; init; }

    /// <summary>The clear header.</summary>
    public required EntryHeader Header { get; init; }

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The membership version under which the command was authorised. 0 on a membership entry creates the conversation,
    /// which must not exist then.</summary>
    public required long MembershipVersion { get; init; }

    /// <summary>For a commit: the epoch it was made in; on success the epoch becomes one more. Null on every other entry.</summary>
    public long? ExpectedEpoch { get; init; }

    /// <summary>When the entry may be erased by retention; null: as the host's retention says.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
