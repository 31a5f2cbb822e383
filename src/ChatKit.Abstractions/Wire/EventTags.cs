namespace ChatKit.Wire;

/// <summary>The tags of events.</summary>
public static class EventTags
{
    /// <summary>A command is committed: id, conversation, seq, at, duplicate.</summary>
    public const string Accepted = "accepted";

    /// <summary>A command was refused: id, conversation, code, message, retryAfter.</summary>
    public const string Refused = "refused";

    /// <summary>The answer to a query: id and messages, conversations, details, receipts, presence or messageReceipts.</summary>
    public const string Result = "result";

    /// <summary>A log entry: entry.</summary>
    public const string Entry = "entry";

    /// <summary>Entries the device passes over: conversation, seq (first) and to (last).</summary>
    public const string Skip = "skip";

    /// <summary>Marks have moved: conversation, receipts.</summary>
    public const string Receipts = "receipts";

    /// <summary>The user's own read mark: conversation, seq, unread.</summary>
    public const string Unread = "unread";

    /// <summary>Somebody types: conversation, user, until (absent: stopped).</summary>
    public const string Typing = "typing";

    /// <summary>Presence of watched users: presence.</summary>
    public const string Presence = "presence";

    /// <summary>The connection will be cut: code, message.</summary>
    public const string Goodbye = "goodbye";

    /// <summary>The connection's sign-in will expire: until. Renew it, or the connection ends.</summary>
    public const string TokenExpiring = "tokenExpiring";
}
