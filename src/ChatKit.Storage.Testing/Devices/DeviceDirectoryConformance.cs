using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

/// <summary>What every <see cref="IDeviceDirectory"/> does (rule 8).</summary>
public abstract partial class DeviceDirectoryConformance : StorageConformance
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, 125, TimeSpan.Zero);

    private IDeviceDirectory Directory => Plug<IDeviceDirectory>();

    /// <summary>The first touch registers, the next ones find it known and note the latest time.</summary>
    [ConformanceFact]
    public async Task A_touch_registers_and_then_notes()
    {
        var device = Make.Device(Make.User("ann", "acme"));
        Assert.Equal(DeviceState.Registered, await Directory.TouchAsync(device, Noon, Token));
        Assert.Equal(DeviceState.Known, await Directory.TouchAsync(device, Noon.AddHours(2), Token));
        Assert.Equal(DeviceState.Known, await Directory.TouchAsync(device, Noon.AddHours(1), Token));
        Assert.Equal([new Device(device, Noon, Noon.AddHours(2), false)], await Directory.ListAsync(device.User, Token));
    }

    /// <summary>A revoked device stays revoked, whatever touches it; an unknown one may be revoked too.</summary>
    [ConformanceFact]
    public async Task A_revoked_device_stays_revoked()
    {
        var user = Make.User();
        var (device, unknown, other) = (new DeviceId(user, "a"), new DeviceId(user, "b"), new DeviceId(user, "c"));
        await Directory.TouchAsync(device, Noon, Token);
        await Directory.TouchAsync(other, Noon, Token);
        await Directory.RevokeAsync(device, Noon.AddHours(1), Token);
        await Directory.RevokeAsync(unknown, Noon.AddHours(1), Token);
        await Directory.RevokeAsync(device, Noon.AddHours(2), Token);
        Assert.Equal(DeviceState.Revoked, await Directory.TouchAsync(device, Noon.AddHours(3), Token));
        Assert.Equal(DeviceState.Revoked, await Directory.TouchAsync(unknown, Noon.AddHours(3), Token));
        Assert.Equal(DeviceState.Revoked, await Directory.TouchAsync(device, Noon.AddHours(4), Token));
        Assert.Equal(DeviceState.Known, await Directory.TouchAsync(other, Noon.AddHours(3), Token));
        Assert.Equal(
            [(device, true), (unknown, true), (other, false)], (await Directory.ListAsync(user, Token)).Select(listed => (listed.Id, listed.Revoked)));
    }

    /// <summary>A directory that tells of many devices at once tells the same as its lists; one that does not has nothing to show here.</summary>
    [ConformanceFact]
    public async Task Revoked_devices_are_found_among_many()
    {
        var (ann, ben) = (Make.User("ann", "acme"), Make.User("ben"));
        DeviceId[] all = [new(ann, "a"), new(ann, "b"), new(ben, "a"), new(ben, "b"), new(ben, "unknown")];
        foreach (var device in all[..4])
        {
            await Directory.TouchAsync(device, Noon, Token);
        }

        await Directory.RevokeAsync(all[1], Noon, Token);
        await Directory.RevokeAsync(all[2], Noon, Token);
        if (Directory is IDeviceRevocations revocations)
        {
            Assert.Equal([all[1], all[2]], (await revocations.FindRevokedAsync(all, Token)).OrderBy(device => device.User.Value, StringComparer.Ordinal));
            Assert.Empty(await revocations.FindRevokedAsync([all[0], all[4]], Token));
            Assert.Empty(await revocations.FindRevokedAsync([], Token));
        }

        Assert.Equal([false, true], (await Directory.ListAsync(ann, Token)).Select(device => device.Revoked));
    }

    /// <summary>A user's devices are listed in the order of their ids: that of their UTF-8 bytes.</summary>
    [ConformanceFact]
    public async Task Devices_are_listed_in_the_order_of_their_ids()
    {
        var user = Make.User();
        Assert.Empty(await Directory.ListAsync(user, Token));
        foreach (var id in Texts.InOrder.OrderBy(id => id.Length % 3))
        {
            await Directory.TouchAsync(new DeviceId(user, id), Noon, Token);
        }

        Assert.Equal(Texts.InOrder, (await Directory.ListAsync(user, Token)).Select(device => device.Id.Value));
    }

    /// <summary>Rule 8: devices unseen since a time are forgotten and begin anew; revoked ones stay, so that they never come back.</summary>
    [ConformanceFact]
    public async Task Unseen_devices_are_forgotten()
    {
        var (ann, ben) = (Make.User("ann"), Make.User("ben", "acme"));
        var (old, seen, revoked, exact) = (new DeviceId(ann, "old"), new DeviceId(ann, "seen"), new DeviceId(ben, "revoked"), new DeviceId(ben, "exact"));
        foreach (var device in new[] { old, seen, revoked })
        {
            await Directory.TouchAsync(device, Noon, Token);
        }

        await Directory.RevokeAsync(revoked, Noon, Token);
        await Directory.TouchAsync(seen, Noon.AddDays(20), Token);
        await Directory.TouchAsync(exact, Noon.AddDays(10), Token);
        Assert.Empty(await Directory.ForgetAsync(Noon, 10, Token));
        Assert.Equal([old], await Directory.ForgetAsync(Noon.AddDays(10), 10, Token));
        Assert.Empty(await Directory.ForgetAsync(Noon.AddDays(10), 10, Token));
        Assert.Equal([seen], (await Directory.ListAsync(ann, Token)).Select(device => device.Id));
        Assert.Equal([exact, revoked], (await Directory.ListAsync(ben, Token)).Select(device => device.Id));
        Assert.Equal(DeviceState.Registered, await Directory.TouchAsync(old, Noon.AddDays(30), Token));
        Assert.Equal(DeviceState.Revoked, await Directory.TouchAsync(revoked, Noon.AddDays(30), Token));
    }

    /// <summary>Forgetting goes in steps of the limit; fewer than the limit means the end.</summary>
    [ConformanceFact]
    public async Task Devices_are_forgotten_in_steps()
    {
        HashSet<DeviceId> devices = [.. Enumerable.Range(0, 25).Select(_ => Make.Device(Make.User()))];
        foreach (var device in devices)
        {
            // Revoked ones among them do not end the steps early.
            await Directory.RevokeAsync(Make.Device(device.User), Noon, Token);
            await Directory.TouchAsync(device, Noon, Token);
        }

        List<DeviceId> forgotten = [];
        IReadOnlyList<DeviceId> step;
        do
        {
            step = await Directory.ForgetAsync(Noon.AddDays(1), 10, Token);
            Assert.True(step.Count <= 10);
            forgotten.AddRange(step);
        }
        while (step.Count == 10);
        Assert.Equal(25, forgotten.Count);
        Assert.Equal(devices, forgotten.ToHashSet());
    }

    /// <summary>A limit out of its range is refused.</summary>
    /// <param name="limit">The limit.</param>
    [ConformanceTheory]
    [InlineData(int.MinValue)]
    [InlineData(0)]
    [InlineData(10_001)]
    public async Task Limits_out_of_range_are_refused(int limit)
    {
        var device = Make.Device(Make.User());
        await Directory.TouchAsync(device, Noon, Token);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Directory.ForgetAsync(Noon.AddDays(1), limit, Token));
        Assert.Single(await Directory.ListAsync(device.User, Token));
    }

    /// <summary>Rule 17: tenants, users and devices share nothing; ids are compared ordinally.</summary>
    [ConformanceFact]
    public async Task Ids_and_tenants_are_told_apart()
    {
        List<DeviceId> devices = [];
        foreach (var tenant in Texts.Tenants)
        {
            devices.AddRange(Texts.Alike.Select(text => new DeviceId(new UserId("someone", tenant), text)));
            devices.AddRange(Texts.Alike.Select(text => new DeviceId(new UserId(text, tenant), "the phone")));
        }

        foreach (var device in devices)
        {
            Assert.Equal(DeviceState.Registered, await Directory.TouchAsync(device, Noon, Token));
        }

        foreach (var group in devices.GroupBy(device => device.User))
        {
            Assert.Equal(group.ToHashSet(), (await Directory.ListAsync(group.Key, Token)).Select(device => device.Id).ToHashSet());
        }
    }

    /// <summary>Touches that race register once and leave the latest time.</summary>
    [ConformanceFact]
    public async Task Racing_touches_register_once()
    {
        var device = Make.Device(Make.User());
        var states = await Racing.RunAsync(8, n => Directory.TouchAsync(device, Noon.AddSeconds(n), Token).AsTask());
        Assert.Single(states, state => state == DeviceState.Registered);
        Assert.Equal(7, states.Count(state => state == DeviceState.Known));
        Assert.Equal(Noon.AddSeconds(7), Assert.Single(await Directory.ListAsync(device.User, Token)).SeenAt);
    }

    /// <summary>A revocation outlives a restart.</summary>
    [ConformanceFact]
    public async Task Devices_outlive_a_restart()
    {
        var user = Make.User("ann", "acme");
        var (device, revoked) = (new DeviceId(user, "a"), new DeviceId(user, "b"));
        await Directory.TouchAsync(device, Noon, Token);
        await Directory.TouchAsync(revoked, Noon, Token);
        await Directory.RevokeAsync(revoked, Noon, Token);
        await ReopenAsync();
        Assert.Equal([new Device(device, Noon, Noon, false), new Device(revoked, Noon, Noon, true)], await Directory.ListAsync(user, Token));
        Assert.Equal(DeviceState.Known, await Directory.TouchAsync(device, Noon, Token));
        Assert.Equal(DeviceState.Revoked, await Directory.TouchAsync(revoked, Noon, Token));
    }
}
