namespace ChatKit.FaultRun;

/// <summary>What happens to the database server.</summary>
internal enum DatabaseFault
{
    /// <summary>SIGKILL, a while of nothing, and a start that recovers.</summary>
    Kill,

    /// <summary>All connections of the host are ended by the server.</summary>
    CutConnections,

    /// <summary>Somebody locks a table of the log and keeps it.</summary>
    LongLock,

    /// <summary>There is no room left on the server's file system for a while.</summary>
    FullDisk,
}
