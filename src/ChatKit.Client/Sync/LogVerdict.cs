namespace ChatKit.Client.Sync;

/// <summary>What a position says about an event.</summary>
internal enum LogVerdict
{
    /// <summary>Not of the log.</summary>
    NotLog,

    /// <summary>The next of its conversation.</summary>
    Fresh,

    /// <summary>The device has it.</summary>
    Duplicate,

    /// <summary>Something between the position and it is missing: an error of the server.</summary>
    Gap,
}
