namespace ChatKit.Mls;

/// <summary>
/// Where a group keeps its state. The group calls <see cref="Write"/> before it hands out or applies anything: if a write fails, the
/// operation fails and the group is as before, so that a key is never used twice after a crash. One message writes a few hundred bytes.
/// </summary>
public abstract class MlsGroupStore
{
    /// <summary>Applies puts and deletes atomically.</summary>
    /// <param name="changes">The changes, each key at most once.</param>
    /// <remarks>Called on the thread of the operation; one group calls it one at a time.</remarks>
    public abstract void Write(IReadOnlyList<MlsStateRecord> changes);
}
