namespace ChatKit;

/// <summary>Who wants to do what. Membership and roles are checked by ChatKit besides.</summary>
public readonly record struct ChatAuthorizationContext
{
    /// <summary>Creates the context.</summary>
    /// <param name="action">What the user wants to do.</param>
    /// <param name="user">Who.</param>
    /// <param name="conversation">The conversation; null when there is none yet.</param>
    /// <param name="others">The users it concerns.</param>
    public ChatAuthorizationContext(ChatAction action, UserId user, ConversationId? conversation, IReadOnlyList<UserId> others)
    {
        Action = action;
        User = user;
        Conversation = conversation;
        Others = others;
    }

    /// <summary>What the user wants to do.</summary>
    public ChatAction Action { get; }

    /// <summary>Who.</summary>
    public UserId User { get; }

    /// <summary>The conversation; null when there is none yet.</summary>
    public ConversationId? Conversation { get; }

    /// <summary>The users it concerns, all of the user's tenant.</summary>
    public IReadOnlyList<UserId> Others { get; }
}
