using ChatKit.Storage.Testing.UserState.Model;
using ChatKit.Storage.Testing.Sequences;
using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

public abstract partial class UserStateStoreConformance
{
    /// <summary>In random sequences the store does what a plain model does. A failure is shortened; its message has the steps.</summary>
    [ConformanceFact]
    public Task Random_sequences_do_what_a_model_does() =>
        RandomSequences.CheckAsync(() => new UserStateMachine(() => Store, ReopenIfDurable), Limits.FewSequences);

    /// <summary>Wherever a write is cancelled, its rows are there all or none.</summary>
    [ConformanceFact]
    public async Task A_write_may_be_cancelled_at_any_point()
    {
        var users = new Dictionary<int, UserId>();
        await Cancelling.AtEveryPointAsync(
            30,
            async (round, token) =>
            {
                var user = users[round] = Make.User();
                return await Store.PutAsync([.. Enumerable.Range(0, 40).Select(n => Row(user, $"k{n}", "x"))], token);
            },
            async (round, cancelled, versions) =>
            {
                var rows = await Store.ReadChangesAsync(users[round], 0, 100, Token);
                Assert.True(rows.Count == 40 || (cancelled && rows.Count == 0), $"{rows.Count} of 40 rows are there.");
                Assert.Equal(versions ?? rows.Select(row => row.Version), rows.Select(row => row.Version));
            });
    }
}
