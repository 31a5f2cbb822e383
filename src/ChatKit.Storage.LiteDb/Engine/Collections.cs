namespace ChatKit.Storage.LiteDb;

/// <summary>The names of the collections. They are part of the file's format.</summary>
internal static class Collections
{
    public const string Meta = "meta";
    public const string Heads = "heads";
    public const string Entries = "entries";
    public const string Erased = "erased";
    public const string Commands = "commands";
    public const string Feed = "feed";
    public const string FeedCheckpoints = "feed_checkpoints";
    public const string Receipts = "receipts";
    public const string UserState = "user_state";
    public const string Cursors = "cursors";
    public const string Mailbox = "mailbox";
    public const string Groups = "groups";
    public const string Memberships = "memberships";
    public const string Devices = "devices";
    public const string LastSeen = "last_seen";
}
