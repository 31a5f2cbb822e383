namespace ChatKit;

/// <summary>How a range of the log is read.</summary>
public enum LogView
{
    /// <summary>Every entry as it was written; erased ones without body and assets. Of a message, <see cref="LogEntry.Version"/> and
    /// <see cref="LogEntry.Erased"/> tell the present state here too.</summary>
    Entries = 0,

    /// <summary>Only messages, in their present state: the body and content type of the last edit, and all else, assets too, as the
    /// message was written; the limit counts messages (ARCHITECTURE, rule 13).</summary>
    Messages = 1,
}
