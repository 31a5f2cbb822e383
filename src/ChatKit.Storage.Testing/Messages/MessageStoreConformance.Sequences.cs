using ChatKit.Storage.Testing.Messages.Model;
using ChatKit.Storage.Testing.Sequences;
using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

public abstract partial class MessageStoreConformance
{
    /// <summary>All rules of the log at once: in random sequences of appends, retries, reads, counts, trims and restarts the store does what a
    /// plain model of a log does. A failure is shortened; its message has the steps and how to replay them.</summary>
    [ConformanceFact]
    public async Task Random_sequences_do_what_a_model_does()
    {
        var feed = new FeedFollower();
        Func<ILogRetention>? retention = FindRole<ILogRetention>() is null ? null : Role<ILogRetention>;
        await RandomSequences.CheckAsync(
            () => new MessageMachine(() => Store, retention, ReopenIfDurable, VirtualClock, feed), Limits.Sequences);
    }
}
