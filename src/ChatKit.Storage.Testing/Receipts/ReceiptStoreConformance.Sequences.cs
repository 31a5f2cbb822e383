using ChatKit.Storage.Testing.Receipts.Model;
using ChatKit.Storage.Testing.Sequences;
using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

public abstract partial class ReceiptStoreConformance
{
    /// <summary>In random sequences the store does what a plain model does. A failure is shortened; its message has the steps.</summary>
    [ConformanceFact]
    public Task Random_sequences_do_what_a_model_does() =>
        RandomSequences.CheckAsync(() => new ReceiptMachine(() => Store, ReopenIfDurable), Limits.FewSequences);

    /// <summary>Wherever an advance is cancelled, its marks have moved all or none.</summary>
    [ConformanceFact]
    public async Task An_advance_may_be_cancelled_at_any_point()
    {
        var conversations = new Dictionary<int, ConversationId>();
        await Cancelling.AtEveryPointAsync(
            30,
            async (round, token) =>
            {
                var id = conversations[round] = Make.Conversation();
                await Store.AdvanceAsync([.. Enumerable.Range(0, 40).Select(n => new Receipt(id, new UserId($"u{n}"), 9, 5))], token);
                return true;
            },
            async (round, cancelled, _) =>
            {
                var marks = Assert.Single(await Store.GetAsync([conversations[round]], Token));
                Assert.True(marks.Count == 40 || (cancelled && marks.Count == 0), $"{marks.Count} of 40 marks have moved.");
            });
    }
}
