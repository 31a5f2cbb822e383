using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing.Lists;

/// <summary>Rows of a list as texts that can be compared and read.</summary>
internal static class ListForm
{
    public static IReadOnlyList<string> Of(IEnumerable<ConversationListRow> rows) => [.. rows.Select(Of)];

    private static string Of(ConversationListRow row) =>
        $"{row.Membership.Conversation} {row.Membership.History} [{string.Join(' ', row.Membership.Intervals.Select(one => $"{one.Joined}-{one.Left}"))}] "
        + $"{row.Head} last {row.LastSeq} active {row.LastActivityAt:O} own {row.Own} unread {row.Unread} "
        + (row.LastMessage is { } message
            ? $"message {message.Seq} v{message.Version} by {message.Sender} at {message.AcceptedAt:O} {message.Command} {message.Header.ContentType} {message.Header.Counts} {message.Erased} '{message.Text()}'"
            : "no message");
}
