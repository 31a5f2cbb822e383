namespace ChatKit.InMemory;

/// <summary>An entry with what the log knows of it beside what was written. Not thread-safe.</summary>
/// <param name="ordinal">How many entries flagged <em>counts</em> there are up to this one, itself included.</param>
/// <param name="entry">The entry.</param>
internal sealed class StoredEntry(long ordinal, LogEntry entry)
{
    private LogEntry? _present;

    public long Ordinal { get; } = ordinal;

    public long Seq => Entry.Seq;

    /// <summary>The entry as written, or erased; of a message with its present version.</summary>
    public LogEntry Entry { get; private set; } = entry;

    /// <summary>The edits of a message, oldest first; null when there are none.</summary>
    public List<StoredEntry>? Edits { get; private set; }

    /// <summary>The message in its present state.</summary>
    public LogEntry Present => _present ?? Entry;

    public void AddEdit(StoredEntry edit)
    {
        (Edits ??= []).Add(edit);
        Entry = Entry with { Version = edit.Seq };
        _present = Entry with
        {
            Header = Entry.Header with { ContentType = edit.Entry.Header.ContentType },
            Body = edit.Entry.Body,
        };
    }

    public void Erase(long version)
    {
        Entry = Entry with { Header = Entry.Header with { Assets = [] }, Body = default, Erased = true, Version = version };
        _present = null;
    }

    public void DropEdits() => Edits = null;
}
