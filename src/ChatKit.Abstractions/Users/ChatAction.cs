namespace ChatKit;

/// <summary>What a user wants to do.</summary>
public enum ChatAction
{
    /// <summary>Write the first message to another user: <see cref="ChatAuthorizationContext.Others"/> is that user.</summary>
    StartDirect = 1,

    /// <summary>Write, edit or delete in a conversation he is a member of.</summary>
    Write = 2,

    /// <summary>Create a group with <see cref="ChatAuthorizationContext.Others"/>.</summary>
    CreateGroup = 3,

    /// <summary>Add <see cref="ChatAuthorizationContext.Others"/> to a group.</summary>
    AddMembers = 4,

    /// <summary>See the presence of <see cref="ChatAuthorizationContext.Others"/>.</summary>
    SeePresence = 5,
}
