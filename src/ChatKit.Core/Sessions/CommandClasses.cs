using ChatKit.Wire;

namespace ChatKit.Sessions;

/// <summary>What each command of the hub is counted as.</summary>
internal static class CommandClasses
{
    /// <summary>Null: never limited. Acknowledgements and withdrawals free what the server holds.</summary>
    public static ChatCommandClass? Of(string? tag) => tag switch
    {
        CommandTags.Ack or CommandTags.Withdraw => null,
        CommandTags.Send or CommandTags.Edit or CommandTags.Delete => ChatCommandClass.Write,
        CommandTags.CreateGroup or CommandTags.AddMembers or CommandTags.RemoveMembers or CommandTags.Leave => ChatCommandClass.Group,
        CommandTags.Messages or CommandTags.Conversations or CommandTags.Conversation or CommandTags.Receipts or CommandTags.Read => ChatCommandClass.Read,
        _ => ChatCommandClass.Signal,
    };
}
