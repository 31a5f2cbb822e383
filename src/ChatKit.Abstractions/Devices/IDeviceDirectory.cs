namespace ChatKit;

/// <summary>A small role: the devices of users. Thread-safe; throws <see cref="ChatStoreException"/> when it cannot answer.</summary>
public interface IDeviceDirectory
{
    /// <summary>Registers a device or notes that it was seen.</summary>
    /// <param name="device">The device.</param>
    /// <param name="seenAt">When; an older time than the one noted is ignored.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>What was known of it before.</returns>
    ValueTask<DeviceState> TouchAsync(DeviceId device, DateTimeOffset seenAt, CancellationToken cancellationToken);

    /// <summary>Lists a user's devices, revoked ones too, in the order of their ids (<see cref="IdOrder"/>).</summary>
    /// <param name="user">The user.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The devices.</returns>
    ValueTask<IReadOnlyList<Device>> ListAsync(UserId user, CancellationToken cancellationToken);

    /// <summary>Revokes a device for ever; an unknown one is noted as revoked.</summary>
    /// <param name="device">The device.</param>
    /// <param name="at">When.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>A task that completes when it is durable.</returns>
    ValueTask RevokeAsync(DeviceId device, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Forgets devices last seen before a time. Revoked ones stay, however long unseen: forgotten, they would register anew
    /// and so come back.</summary>
    /// <param name="unseenSince">Devices seen at or after this stay.</param>
    /// <param name="limit">How many to forget at most: 1 to 10,000.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The devices forgotten; fewer than the limit means no more are left.</returns>
    ValueTask<IReadOnlyList<DeviceId>> ForgetAsync(DateTimeOffset unseenSince, int limit, CancellationToken cancellationToken);
}
