namespace ChatKit.Wire;

/// <summary>An event to a client, tagged by <see cref="T"/>. Which fields an event has says docs/protocol.md.</summary>
public sealed record EventFrame
{
    /// <summary>The tag: one of <see cref="EventTags"/>.</summary>
    public required string T { get; init; }

    /// <summary>The command it answers.</summary>
    public string? Id { get; init; }

    /// <summary>The conversation.</summary>
    public string? Conversation { get; init; }

    /// <summary>A position.</summary>
    public long? Seq { get; init; }

    /// <summary>The end of a range.</summary>
    public long? To { get; init; }

    /// <summary>A time.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Whether the command was stored by an earlier try; absent for false.</summary>
    public bool? Duplicate { get; init; }

    /// <summary>The code of a refusal.</summary>
    public string? Code { get; init; }

    /// <summary>The sentence of a refusal.</summary>
    public string? Message { get; init; }

    /// <summary>When to try again, in milliseconds from now.</summary>
    public long? RetryAfter { get; init; }

    /// <summary>A log entry.</summary>
    public WireEntry? Entry { get; init; }

    /// <summary>Marks of users.</summary>
    public IReadOnlyList<WireReceipt>? Receipts { get; init; }

    /// <summary>A user.</summary>
    public string? User { get; init; }

    /// <summary>Until when; absent: it ended.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Presence of users.</summary>
    public IReadOnlyList<WirePresence>? Presence { get; init; }

    /// <summary>The number of unread entries.</summary>
    public long? Unread { get; init; }

    /// <summary>A page of messages.</summary>
    public WireMessagePage? Messages { get; init; }

    /// <summary>A page of conversations.</summary>
    public WireConversationPage? Conversations { get; init; }

    /// <summary>One conversation.</summary>
    public WireConversation? Details { get; init; }

    /// <summary>Who has got and read one message.</summary>
    public WireMessageReceipts? MessageReceipts { get; init; }
}
