namespace ChatKit.Wire;

/// <summary>The tags of commands.</summary>
public static class CommandTags
{
    /// <summary>Send a message: id, conversation or to, text or data, contentType, assets.</summary>
    public const string Send = "send";

    /// <summary>Edit a message of one's own: id, conversation, seq, text or data, contentType.</summary>
    public const string Edit = "edit";

    /// <summary>Delete a message of one's own for everyone: id, conversation, seq.</summary>
    public const string Delete = "delete";

    /// <summary>Give up a refused command, so that later ones may pass: id, conversation or to.</summary>
    public const string Withdraw = "withdraw";

    /// <summary>Everything up to here is persisted: cursors.</summary>
    public const string Ack = "ack";

    /// <summary>Shown up to here: conversation, seq.</summary>
    public const string Read = "read";

    /// <summary>The user types, or stopped: conversation, typing.</summary>
    public const string Typing = "typing";

    /// <summary>The user is active (touched the app).</summary>
    public const string Activity = "activity";

    /// <summary>Show the presence of these users, and no longer of those before: id, users.</summary>
    public const string Watch = "watch";

    /// <summary>A page of messages: id, conversation or to, before / after / beforeTime / afterTime, limit or screenSize.</summary>
    public const string Messages = "messages";

    /// <summary>A page of conversations: id, page, limit.</summary>
    public const string Conversations = "conversations";

    /// <summary>One conversation: id, conversation or to.</summary>
    public const string Conversation = "conversation";

    /// <summary>Create a group: id, title, users, history.</summary>
    public const string CreateGroup = "createGroup";

    /// <summary>Add members: id, conversation, users.</summary>
    public const string AddMembers = "addMembers";

    /// <summary>Remove members: id, conversation, users.</summary>
    public const string RemoveMembers = "removeMembers";

    /// <summary>Leave a group: id, conversation.</summary>
    public const string Leave = "leave";

    /// <summary>How far the members are: id, conversation or to; with seq: who has got and read that message.</summary>
    public const string Receipts = "receipts";

    /// <summary>All tags.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Send, Edit, Delete, Withdraw, Ack, Read, Typing, Activity, Watch, Messages, Conversations, Conversation,
        CreateGroup, AddMembers, RemoveMembers, Leave, Receipts,
    ];

    internal static bool WritesLog(string? tag) => tag is Send or Edit or Delete or CreateGroup or AddMembers or RemoveMembers or Leave;
}
