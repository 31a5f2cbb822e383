namespace ChatKit.Storage.Testing.Journaling;

/// <summary>What is wrong with a journal.</summary>
internal enum JournalFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Answers before it writes: what was accepted waits in the memory of the process.</summary>
    Unflushed,

    /// <summary>Lets a second process in, and each one counts for itself.</summary>
    Unlocked,
}
