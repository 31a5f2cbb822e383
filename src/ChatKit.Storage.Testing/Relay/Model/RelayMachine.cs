using ChatKit.Storage.Testing.Sequences;

namespace ChatKit.Storage.Testing.Relay.Model;

/// <summary>Drives a relay queue beside a table of the highest values.</summary>
internal sealed class RelayMachine(Func<IRelayQueue> queue, Func<Task>? reopen) : Machine
{
    private readonly Dictionary<DeviceCursor, long> _cursors = [];

    protected override IReadOnlyList<Move> Moves =>
        [new(40, AdvanceAsync), new(15, ReadAsync), new(6, ForgetAsync), new(reopen is null ? 0 : 3, ReopenAsync)];

    protected override async Task CheckAllAsync()
    {
        foreach (var tenant in new[] { "", "acme" })
        {
            foreach (var device in Enumerable.Range(0, 3))
            {
                await CompareAsync(Device(tenant, device));
            }
        }
    }

    private DeviceId Device(string tenant, int number) => new(new UserId($"{(number < 2 ? "ann" : "ben")}-{Run}", tenant), number == 1 ? "tablet" : "phone");

    private DeviceId AnyDevice(Dice dice) => Device(dice.Pick("", "acme"), dice.Next(3));

    private async Task AdvanceAsync(Dice dice)
    {
        DeviceCursor[] batch = [.. Enumerable.Range(0, 1 + dice.Next(5)).Select(_ =>
        {
            var device = AnyDevice(dice);
            return new DeviceCursor(device, new ConversationId($"c{dice.Next(3)}", device.Tenant), dice.OnceIn(12) ? long.MaxValue : dice.Next(20));
        })];
        Tell($"advance {string.Join("; ", batch)}");
        foreach (var cursor in batch)
        {
            var key = cursor with { Delivered = 0 };
            _cursors[key] = Math.Max(_cursors.GetValueOrDefault(key), cursor.Delivered);
        }

        await queue().AdvanceAsync(batch, Token);
    }

    private Task ReadAsync(Dice dice)
    {
        var device = AnyDevice(dice);
        Tell($"read the cursors of {device}");
        return CompareAsync(device);
    }

    private async Task ForgetAsync(Dice dice)
    {
        DeviceId[] devices = [.. Enumerable.Range(0, 1 + dice.Next(2)).Select(_ => AnyDevice(dice))];
        Tell($"forget {string.Join<DeviceId>("; ", devices)}");
        foreach (var key in _cursors.Keys.Where(key => devices.Contains(key.Device)).ToList())
        {
            _cursors.Remove(key);
        }

        await queue().ForgetAsync(devices, Token);
    }

    private Task ReopenAsync(Dice dice)
    {
        Tell("open the store again");
        return reopen!();
    }

    private async Task CompareAsync(DeviceId device) => SameLines(
        _cursors.Where(pair => pair.Key.Device == device).Select(pair => $"{pair.Key with { Delivered = pair.Value }}").Order(StringComparer.Ordinal),
        (await queue().GetCursorsAsync(device, Token)).Select(cursor => $"{cursor}").Order(StringComparer.Ordinal),
        $"The cursors of {device}");
}
