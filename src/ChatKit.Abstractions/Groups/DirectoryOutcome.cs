namespace ChatKit;

/// <summary>What became of a change given to the directory.</summary>
public enum DirectoryOutcome
{
    /// <summary>Applied: the directory's version is now the change's <c>Seq</c>.</summary>
    Applied = 0,

    /// <summary>The directory's version is the change's <c>Seq</c> or later; nothing changed. What the change says is not compared:
    /// the log gives each <c>Seq</c> one content.</summary>
    AlreadyApplied = 1,

    /// <summary>The directory lacks changes before it; nothing changed. Give it those first.</summary>
    Missing = 2,

    /// <summary>The directory has a version that the log never had: later than the change's previous version, earlier than its
    /// <c>Seq</c>. One of the two was restored from a backup without the other; nothing changed, and no further change will apply.</summary>
    Diverged = 3,
}
