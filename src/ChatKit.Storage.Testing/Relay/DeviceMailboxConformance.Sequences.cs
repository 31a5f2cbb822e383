using ChatKit.Storage.Testing.Relay.Model;
using ChatKit.Storage.Testing.Sequences;
using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

public abstract partial class DeviceMailboxConformance
{
    /// <summary>In random sequences the store does what a plain model does. A failure is shortened; its message has the steps.</summary>
    [ConformanceFact]
    public Task Random_sequences_do_what_a_model_does() =>
        RandomSequences.CheckAsync(() => new MailboxMachine(() => Mailbox, ReopenIfDurable), Limits.FewSequences);

    /// <summary>Wherever a post is cancelled, its envelopes are there all or none.</summary>
    [ConformanceFact]
    public async Task A_post_may_be_cancelled_at_any_point()
    {
        var devices = new Dictionary<int, DeviceId>();
        await Cancelling.AtEveryPointAsync(
            30,
            async (round, token) =>
            {
                var device = devices[round] = Make.Device(Make.User());
                await Mailbox.PostAsync([.. Enumerable.Range(0, 20).Select(_ => Envelope(device, [1]))], token);
                return true;
            },
            async (round, cancelled, _) =>
            {
                var read = await Mailbox.ReadAsync(devices[round], 0, 100, Token);
                Assert.True(read.Count == 20 || (cancelled && read.Count == 0), $"{read.Count} of 20 envelopes are there.");
            });
    }
}
