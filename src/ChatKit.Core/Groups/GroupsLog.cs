using Microsoft.Extensions.Logging;

namespace ChatKit.Groups;

internal static partial class GroupsLog
{
    [LoggerMessage(1000, LogLevel.Warning, "The directory could not take membership entry {Seq} of {Conversation}; the feed's reader will try again.", EventName = "DirectoryLags")]
    public static partial void DirectoryLags(ILogger logger, ConversationId conversation, long seq, Exception exception);

    [LoggerMessage(1001, LogLevel.Error, "Membership entry {Seq} of {Conversation} was removed before the directory had it.", EventName = "MembershipTrimmed")]
    public static partial void MembershipTrimmed(ILogger logger, ConversationId conversation, long seq);

    [LoggerMessage(1002, LogLevel.Error, "The directory has a version of {Conversation} that its log never had: membership entry {Seq} does not apply. One of the two was restored without the other.", EventName = "DirectoryDiverged")]
    public static partial void DirectoryDiverged(ILogger logger, ConversationId conversation, long seq);

    [LoggerMessage(1003, LogLevel.Error, "The directory has version {Version} of {Conversation}, its log only {LogVersion}: the log was restored from an older backup than the directory.", EventName = "DirectoryNewer")]
    public static partial void DirectoryNewer(ILogger logger, ConversationId conversation, long version, long logVersion);

    [LoggerMessage(1004, LogLevel.Information, "The directory was compared with the logs: {Repaired} conversations repaired, {Unresolved} differ still.", EventName = "DirectoryRebuilt")]
    public static partial void DirectoryRebuilt(ILogger logger, int repaired, int unresolved);
}
