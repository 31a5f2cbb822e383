namespace ChatKit.Messaging;

/// <summary>A command on its way to the writer.</summary>
internal sealed class WriteItem
{
    /// <summary>The entry to append; its membership version is stamped by the writer.</summary>
    public required AppendRequest Request { get; init; }

    public required IWriteCompletion Completion { get; init; }

    /// <summary>The other user of a direct conversation that may have to be created.</summary>
    public UserId? DirectPeer { get; init; }

    /// <summary>Of a membership entry: the change.</summary>
    public MembershipChange? Change { get; init; }

    public SendLane? Lane { get; init; }

    /// <summary>The place in the lane; 0 until the writer judged the command's order.</summary>
    public long Place { get; set; }

    /// <summary>Refused before the writer, yet judged in its turn so that order holds.</summary>
    public ChatError? Refusal { get; init; }

    /// <summary>Gives up the command that blocks the lane.</summary>
    public bool Withdraws { get; init; }

    public ConversationId Conversation => Request.Conversation;
}
