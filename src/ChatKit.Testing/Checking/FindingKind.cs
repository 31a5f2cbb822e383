namespace ChatKit.Testing;

/// <summary>Which promise was broken. Numbers are those of ARCHITECTURE's rules.</summary>
public enum FindingKind
{
    /// <summary>An entry the device had to get never came (promise over all), or an accepted command is not in the log.</summary>
    Lost,

    /// <summary>One command is in the log twice, came twice on a connection, or was shown twice (5).</summary>
    Doubled,

    /// <summary>The events of a conversation do not follow each other (2).</summary>
    Gap,

    /// <summary>What the user may see was passed over (2).</summary>
    WrongSkip,

    /// <summary>The user got what he may not see (2).</summary>
    NotVisible,

    /// <summary>Commands of one device are in the log in another order than they were sent (6).</summary>
    OutOfOrder,

    /// <summary>The app was told the entries of a conversation in another order than that of the log (6).</summary>
    ShownOutOfOrder,

    /// <summary>Two devices saw different entries at one position, or one saw its content change.</summary>
    Split,

    /// <summary>Somebody wrote who was no member at that position (7).</summary>
    NotMember,

    /// <summary>The server began before the position the device had stated (8).</summary>
    CursorMovedBack,

    /// <summary>Not read &lt;= delivered &lt;= last (8).</summary>
    MarksCrossed,

    /// <summary>A mark is lower than one that was shown before (8).</summary>
    ReceiptMovedBack,

    /// <summary>A mark is lower than what the user's devices have acknowledged, read or written (3, 8).</summary>
    MarkLost,

    /// <summary>The number of unread entries is not what the log says (3).</summary>
    WrongUnread,

    /// <summary>Devices, pages or members do not end in the state that follows from the log (13).</summary>
    StatesDiffer,

    /// <summary>A command has no answer at the end.</summary>
    Unanswered,

    /// <summary>The device is not connected at the end, or was told to begin anew without a reason.</summary>
    Connection,
}
