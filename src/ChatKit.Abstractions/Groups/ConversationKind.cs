namespace ChatKit;

/// <summary>What a conversation is. The numbers are stored.</summary>
public enum ConversationKind
{
    /// <summary>Two users (or one with himself), for ever the same.</summary>
    Direct = 1,

    /// <summary>A group with changing members.</summary>
    Group = 2,
}
