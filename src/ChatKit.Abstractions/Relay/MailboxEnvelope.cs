namespace ChatKit;

/// <summary>Something for one device that belongs to no log: a key-exchange welcome, a revocation (ARCHITECTURE, rule 14).</summary>
public sealed record MailboxEnvelope
{
    /// <summary>The device it is for.</summary>
    public required DeviceId Device { get; init; }

    /// <summary>The sender's id of it: posting it again changes nothing.</summary>
    public required CommandId Id { get; init; }

    /// <summary>The MIME type of the body, at most 128 characters, none of them a control character.</summary>
    public required string ContentType { get; init; }

    /// <summary>The opaque body, at most 1 MiB.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The conversation of the commit it belongs to; null for none.</summary>
    public ConversationId? Conversation { get; init; }

    /// <summary>The command id of that commit: the envelope is handed out once the log has it.</summary>
    public CommandId? Commit { get; init; }

    /// <summary>The position in the device's mailbox, rising; assigned by the store (0 on the way in).</summary>
    public long Position { get; init; }
}
