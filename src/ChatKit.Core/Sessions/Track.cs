using ChatKit.Groups;

namespace ChatKit.Sessions;

/// <summary>Where a connection stands in one conversation. Guarded by its pump's lock.</summary>
internal sealed class Track(ConversationId conversation, long position)
{
    public ConversationId Conversation { get; } = conversation;

    /// <summary>Everything up to here was written to the connection.</summary>
    public long Sent { get; set; } = position;

    /// <summary>Everything up to here is persisted by the device.</summary>
    public long Acked { get; set; } = position;

    /// <summary>The log reaches at least to here.</summary>
    public long Known { get; set; } = position;

    /// <summary>The user wrote no entry after this one. What nobody said the authors of counts as his: all before the connection, and what was pulled.</summary>
    public long OwnThrough { get; set; } = position;

    /// <summary>Found by a hint after the connection was made: it starts where the user first joined, which only the directory knows, since hints
    /// come late and in any order (rule 11). Until then <see cref="Sent"/> is a guess, and the live path leaves it alone.</summary>
    public bool IsNew { get; set; }

    /// <summary>Of a new one: what the device says it has persisted.</summary>
    public long Claim { get; init; }

    /// <summary>Waits to be pulled, or is being pulled: the live path leaves it alone.</summary>
    public bool Behind { get; set; }

    /// <summary>Live entries that came meanwhile.</summary>
    public HeldEntries? Held { get; set; }

    /// <summary>What the user sees, by <see cref="VisibleAt"/>; null until a pull asks.</summary>
    public Visibility? Visible { get; set; }

    public long VisibleAt { get; set; }
}
