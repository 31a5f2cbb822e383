namespace ChatKit;

/// <summary>A small role an <see cref="IDeviceDirectory"/> may have besides: it tells of many devices at once whether they are revoked. With it
/// a node looks after its live connections in a few reads; without it, it lists the devices of one user after the other.
/// Thread-safe; throws <see cref="ChatStoreException"/> when it cannot answer.</summary>
public interface IDeviceRevocations
{
    /// <summary>Finds the revoked ones.</summary>
    /// <param name="devices">The devices, at most 1,000; unknown ones are not revoked.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>Those that are revoked, in any order.</returns>
    ValueTask<IReadOnlyList<DeviceId>> FindRevokedAsync(IReadOnlyList<DeviceId> devices, CancellationToken cancellationToken);
}
