namespace ChatKit;

/// <summary>What commands and requests are counted as, where they are limited.</summary>
public enum ChatCommandClass
{
    /// <summary>Sends, edits and deletes a message.</summary>
    Write = 1,

    /// <summary>Creates a group or changes its members.</summary>
    Group = 2,

    /// <summary>Typing, activity, watching presence, and commands that are not known.</summary>
    Signal = 3,

    /// <summary>Reads messages, conversations, receipts, presence; moves the read mark; polls.</summary>
    Read = 4,

    /// <summary>Opens a connection.</summary>
    Connect = 5,
}
