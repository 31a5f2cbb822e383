namespace ChatKit.Storage.LiteDb;

/// <summary>One caller's write, waiting for the writer thread.</summary>
internal abstract class WorkItem(int rows)
{
    /// <summary>About how many documents it writes: limits what goes into one transaction.</summary>
    public int Rows { get; } = rows;

    /// <summary>Does the work inside the writer's transaction; may be called again after a rollback.</summary>
    public abstract void Execute(WriteSession session);

    /// <summary>Tells the caller: the commit is durable.</summary>
    public abstract void Complete();

    /// <summary>Tells the caller what went wrong.</summary>
    public abstract void Fail(Exception fault);
}
