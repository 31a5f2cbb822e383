using ChatKit.Storage.Testing.Sequences;

namespace ChatKit.Storage.Testing.Devices.Model;

/// <summary>Drives a device directory beside a list of devices.</summary>
internal sealed class DeviceMachine : Machine
{
    private readonly Func<IDeviceDirectory> _directory;
    private readonly Func<Task>? _reopen;
    private readonly List<Device> _devices = [];

    /// <summary>Forgetting goes by time alone, so each run has a time of its own, after that of the run before.</summary>
    private readonly DateTimeOffset _start;

    public DeviceMachine(Func<IDeviceDirectory> directory, Func<Task>? reopen, DateTimeOffset start) =>
        (_directory, _reopen, _start) = (directory, reopen, start);

    protected override IReadOnlyList<Move> Moves =>
        [new(40, TouchAsync), new(8, RevokeAsync), new(8, ForgetAsync), new(15, ListAsync), new(_reopen is null ? 0 : 3, ReopenAsync)];

    /// <summary>What earlier runs left behind would be forgotten in this one.</summary>
    protected override async Task StartAsync() => await _directory().ForgetAsync(_start, 10_000, Token);

    protected override async Task CheckAllAsync()
    {
        foreach (var user in Enumerable.Range(0, 3).Select(User))
        {
            await CompareAsync(user);
        }
    }

    private UserId User(int number) => new($"{(number == 1 ? "ben" : "ann")}-{Run}", number == 2 ? "acme" : "");

    private DeviceId AnyDevice(Dice dice) => new(User(dice.Next(3)), dice.Pick("a", "A", "\uffff", "\U0001f600"));

    private DateTimeOffset Time(Dice dice) => _start.AddMinutes(dice.Next(60));

    private async Task TouchAsync(Dice dice)
    {
        var (device, at) = (AnyDevice(dice), Time(dice));
        Tell($"touch {device} at {at:O}");
        var known = _devices.Find(other => other.Id == device);
        if (known is not null)
        {
            _devices.Remove(known);
        }

        _devices.Add(known is null ? new Device(device, at, at, Revoked: false) : known with { SeenAt = at > known.SeenAt ? at : known.SeenAt });
        Same(
            known is null ? DeviceState.Registered : known.Revoked ? DeviceState.Revoked : DeviceState.Known,
            await _directory().TouchAsync(device, at, Token), $"What was known of {device}");
    }

    private async Task RevokeAsync(Dice dice)
    {
        var (device, at) = (AnyDevice(dice), Time(dice));
        Tell($"revoke {device} at {at:O}");
        var known = _devices.Find(other => other.Id == device) ?? new Device(device, at, at, Revoked: true);
        _devices.RemoveAll(other => other.Id == device);
        _devices.Add(known with { Revoked = true });
        await _directory().RevokeAsync(device, at, Token);
    }

    private async Task ForgetAsync(Dice dice)
    {
        var (since, limit) = (Time(dice), dice.OnceIn(2) ? 1 + dice.Next(3) : 10_000);
        Tell($"forget what was last seen before {since:O}, {limit} at most");
        var due = _devices.FindAll(device => device.SeenAt < since && !device.Revoked).Select(device => device.Id).ToHashSet();
        var forgotten = await _directory().ForgetAsync(since, limit, Token);
        Same(Math.Min(limit, due.Count), forgotten.Count, "How many were forgotten");
        Same(forgotten.Count, forgotten.Distinct().Count(), "How many different ones were forgotten");
        Assert.All(forgotten, device => Assert.True(due.Contains(device), $"{device} was forgotten."));
        _devices.RemoveAll(device => forgotten.Contains(device.Id));
    }

    private Task ListAsync(Dice dice)
    {
        var user = User(dice.Next(3));
        Tell($"list the devices of {user}");
        return CompareAsync(user);
    }

    private Task ReopenAsync(Dice dice)
    {
        Tell("open the store again");
        return _reopen!();
    }

    private async Task CompareAsync(UserId user) => SameLines(
        _devices.Where(device => device.Id.User == user).OrderBy(device => device.Id.Value, IdOrder.Comparer).Select(device => $"{device}"),
        (await _directory().ListAsync(user, Token)).Select(device => $"{device}"),
        $"The devices of {user}");
}
