using Microsoft.Extensions.Logging;

namespace ChatKit.Groups;

internal static partial class GroupsLog
{
    [LoggerMessage(1000, LogLevel.Warning, "The directory could not take membership entry {Seq} of {Conversation}; the feed's reader will try again.", EventName = "DirectoryLags")]
    public static partial void DirectoryLags(ILogger logger, ConversationId conversation, long seq, Exception exception);

    [LoggerMessage(1001, LogLevel.Error, "Membership entry {Seq} of {Conversation} was removed before the directory had it.", EventName = "MembershipTrimmed")]
    public static partial void MembershipTrimmed(ILogger logger, ConversationId conversation, long seq);
}
