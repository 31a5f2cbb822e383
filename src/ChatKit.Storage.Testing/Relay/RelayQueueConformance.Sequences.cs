using ChatKit.Storage.Testing.Relay.Model;
using ChatKit.Storage.Testing.Sequences;
using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

public abstract partial class RelayQueueConformance
{
    /// <summary>In random sequences the store does what a plain model does. A failure is shortened; its message has the steps.</summary>
    [ConformanceFact]
    public Task Random_sequences_do_what_a_model_does() =>
        RandomSequences.CheckAsync(() => new RelayMachine(() => Queue, ReopenIfDurable), Limits.FewSequences);

    /// <summary>Wherever an advance is cancelled, its cursors have moved all or none.</summary>
    [ConformanceFact]
    public async Task An_advance_may_be_cancelled_at_any_point()
    {
        var devices = new Dictionary<int, DeviceId>();
        await Cancelling.AtEveryPointAsync(
            30,
            async (round, token) =>
            {
                var device = devices[round] = Make.Device(Make.User());
                await Queue.AdvanceAsync([.. Enumerable.Range(0, 40).Select(n => new DeviceCursor(device, new ConversationId($"c{n}"), n))], token);
                return true;
            },
            async (round, cancelled, _) =>
            {
                var cursors = await Queue.GetCursorsAsync(devices[round], Token);
                Assert.True(cursors.Count == 40 || (cancelled && cursors.Count == 0), $"{cursors.Count} of 40 cursors have moved.");
            });
    }
}
