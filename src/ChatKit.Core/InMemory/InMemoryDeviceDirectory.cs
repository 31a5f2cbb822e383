namespace ChatKit.InMemory;

/// <summary>The devices of users in memory.</summary>
internal sealed class InMemoryDeviceDirectory : IDeviceDirectory, IDeviceRevocations
{
    private const int MaxLimit = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<UserId, SortedDictionary<string, Device>> _users = [];

    public ValueTask<DeviceState> TouchAsync(DeviceId device, DateTimeOffset seenAt, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<DeviceState>(cancellationToken);
        }

        lock (_lock)
        {
            var devices = Of(device.User);
            if (!devices.TryGetValue(device.Value, out var known))
            {
                devices.Add(device.Value, new Device(device, seenAt, seenAt, Revoked: false));
                return ValueTask.FromResult(DeviceState.Registered);
            }

            if (seenAt > known.SeenAt)
            {
                devices[device.Value] = known with { SeenAt = seenAt };
            }

            return ValueTask.FromResult(known.Revoked ? DeviceState.Revoked : DeviceState.Known);
        }
    }

    public ValueTask<IReadOnlyList<Device>> ListAsync(UserId user, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IReadOnlyList<Device>>(cancellationToken);
        }

        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<Device>>(_users.TryGetValue(user, out var devices) ? [.. devices.Values] : []);
        }
    }

    public ValueTask RevokeAsync(DeviceId device, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        lock (_lock)
        {
            var devices = Of(device.User);
            devices[device.Value] = devices.TryGetValue(device.Value, out var known)
                ? known with { Revoked = true }
                : new Device(device, at, at, Revoked: true);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<DeviceId>> ForgetAsync(DateTimeOffset unseenSince, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxLimit);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IReadOnlyList<DeviceId>>(cancellationToken);
        }

        lock (_lock)
        {
            // The longest unseen first: what a limit leaves does not depend on what was here before.
            DeviceId[] forgotten = [.. _users.Values
                .SelectMany(devices => devices.Values)
                .Where(device => device.SeenAt < unseenSince && !device.Revoked)
                .OrderBy(device => device.SeenAt)
                .ThenBy(device => device.Id.User.Tenant, StringComparer.Ordinal)
                .ThenBy(device => device.Id.User.Value, StringComparer.Ordinal)
                .ThenBy(device => device.Id.Value, StringComparer.Ordinal)
                .Take(limit)
                .Select(device => device.Id)];
            foreach (var device in forgotten)
            {
                var devices = _users[device.User];
                devices.Remove(device.Value);
                if (devices.Count == 0)
                {
                    _users.Remove(device.User);
                }
            }

            return ValueTask.FromResult<IReadOnlyList<DeviceId>>(forgotten);
        }
    }

    public ValueTask<IReadOnlyList<DeviceId>> FindRevokedAsync(IReadOnlyList<DeviceId> devices, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(devices);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IReadOnlyList<DeviceId>>(cancellationToken);
        }

        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<DeviceId>>([.. devices.Where(
                device => _users.TryGetValue(device.User, out var known) && known.TryGetValue(device.Value, out var found) && found.Revoked)]);
        }
    }

    private SortedDictionary<string, Device> Of(UserId user)
    {
        if (!_users.TryGetValue(user, out var devices))
        {
            _users.Add(user, devices = new SortedDictionary<string, Device>(IdOrder.Comparer));
        }

        return devices;
    }
}
