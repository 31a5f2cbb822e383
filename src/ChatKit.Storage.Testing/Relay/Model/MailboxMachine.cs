using ChatKit.Storage.Testing.Sequences;

namespace ChatKit.Storage.Testing.Relay.Model;

/// <summary>Drives mailboxes beside lists of envelopes.</summary>
internal sealed class MailboxMachine(Func<IDeviceMailbox> mailbox, Func<Task>? reopen) : Machine
{
    private readonly Dictionary<DeviceId, List<MailboxEnvelope>> _envelopes = [];
    private readonly Dictionary<DeviceId, long> _highest = [];

    protected override IReadOnlyList<Move> Moves =>
        [new(40, PostAsync), new(15, ReadAsync), new(10, RemoveAsync), new(reopen is null ? 0 : 3, ReopenAsync)];

    protected override async Task CheckAllAsync()
    {
        foreach (var device in Enumerable.Range(0, 3).Select(Device))
        {
            await CompareAsync(device, 0, 1_000);
        }
    }

    private DeviceId Device(int number) => new(new UserId($"ann-{Run}", number == 2 ? "acme" : ""), number == 1 ? "tablet" : "phone");

    private async Task PostAsync(Dice dice)
    {
        MailboxEnvelope[] batch = [.. Enumerable.Range(0, 1 + dice.Next(4)).Select(_ =>
        {
            var device = Device(dice.Next(3));
            return new MailboxEnvelope
            {
                Device = device,
                Id = new CommandId($"e{dice.Next(15)}"),
                ContentType = dice.Pick("message/mls", "application/x"),
                Body = new byte[dice.Next(5)],
                Conversation = dice.OnceIn(3) ? new ConversationId("c", device.Tenant) : null,
                Commit = dice.OnceIn(3) ? new CommandId("commit") : null,
            };
        })];
        Tell($"post {string.Join("; ", batch.Select(envelope => $"{envelope.Id} to {envelope.Device}"))}");
        foreach (var envelope in batch)
        {
            var known = Of(envelope.Device);
            if (!known.Exists(other => other.Id == envelope.Id))
            {
                known.Add(envelope);
            }
        }

        await mailbox().PostAsync(batch, Token);

        // The store chooses the positions; they rise, also over what was removed.
        foreach (var device in batch.Select(envelope => envelope.Device).Distinct())
        {
            var read = await mailbox().ReadAsync(device, 0, 1_000, Token);
            Same(Of(device).Count, read.Count, $"The number of envelopes of {device}");
            for (var n = 0; n < read.Count; n++)
            {
                if (Of(device)[n].Position == 0)
                {
                    Assert.True(read[n].Position > _highest.GetValueOrDefault(device), $"Position {read[n].Position} of {device} was passed before.");
                    _highest[device] = read[n].Position;
                    Of(device)[n] = Of(device)[n] with { Position = read[n].Position };
                }
            }
        }
    }

    private Task ReadAsync(Dice dice)
    {
        var device = Device(dice.Next(3));
        var after = dice.OnceIn(2) ? Position(device, dice) : 0;
        var limit = dice.OnceIn(2) ? 1 + dice.Next(4) : 1_000;
        Tell($"read {device} after {after}, {limit} at most");
        return CompareAsync(device, after, limit);
    }

    private async Task RemoveAsync(Dice dice)
    {
        var device = Device(dice.Next(3));
        var through = dice.OnceIn(4) ? long.MaxValue : Position(device, dice);
        Tell($"remove from {device} through {through}");
        Of(device).RemoveAll(envelope => envelope.Position <= through);
        await mailbox().RemoveAsync(device, through, Token);
    }

    private Task ReopenAsync(Dice dice)
    {
        Tell("open the store again");
        return reopen!();
    }

    private long Position(DeviceId device, Dice dice) => Of(device) is { Count: > 0 } known ? known[dice.Next(known.Count)].Position : dice.Next(3);

    private List<MailboxEnvelope> Of(DeviceId device)
    {
        if (!_envelopes.TryGetValue(device, out var known))
        {
            _envelopes.Add(device, known = []);
        }

        return known;
    }

    private async Task CompareAsync(DeviceId device, long after, int limit) => SameLines(
        Of(device).Where(envelope => envelope.Position > after).Take(limit).Select(Describe),
        (await mailbox().ReadAsync(device, after, limit, Token)).Select(Describe),
        $"The mailbox of {device}");

    private static string Describe(MailboxEnvelope envelope) =>
        $"{envelope.Position} {envelope.Device} {envelope.Id} {envelope.ContentType} {Convert.ToHexString(envelope.Body.Span)} {envelope.Conversation} {envelope.Commit}";
}
