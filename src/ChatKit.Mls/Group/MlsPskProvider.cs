namespace ChatKit.Mls;

/// <summary>Finds pre-shared keys (RFC 9420, section 8.4). Called on the thread of the operation.</summary>
public abstract class MlsPskProvider
{
    /// <summary>Finds an external PSK.</summary>
    /// <param name="pskId">Its identifier.</param>
    /// <returns>A copy of the key, which the group zeroes; null if it is not known.</returns>
    public abstract byte[]? FindExternal(ReadOnlySpan<byte> pskId);

    /// <summary>Finds the resumption PSK of another group; a group finds its own.</summary>
    /// <param name="groupId">The other group.</param>
    /// <param name="epoch">The epoch.</param>
    /// <returns>A copy of the key, which the group zeroes; null if it is not known.</returns>
    public virtual byte[]? FindResumption(ReadOnlySpan<byte> groupId, ulong epoch) => null;
}
