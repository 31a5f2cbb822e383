namespace ChatKit;

/// <summary>What became of a change given to the directory.</summary>
public enum DirectoryOutcome
{
    /// <summary>Applied: the directory's version is now the change's <c>Seq</c>.</summary>
    Applied = 0,

    /// <summary>The directory already had it, or a later one; nothing changed.</summary>
    AlreadyApplied = 1,

    /// <summary>The directory lacks changes before it; nothing changed. Give it those first.</summary>
    Missing = 2,
}
