using ChatKit.Storage.Testing.Groups.Model;
using ChatKit.Storage.Testing.Sequences;
using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

public abstract partial class GroupDirectoryConformance
{
    /// <summary>In random sequences the store does what a plain model does. A failure is shortened; its message has the steps.</summary>
    [ConformanceFact]
    public Task Random_sequences_do_what_a_model_does() =>
        RandomSequences.CheckAsync(() => new GroupMachine(() => Directory, ReopenIfDurable), Limits.FewSequences);

    /// <summary>Wherever an apply is cancelled, each change is there wholly or not at all, none before the one it follows, and it may be given again.</summary>
    [ConformanceFact]
    public async Task An_apply_may_be_cancelled_at_any_point()
    {
        var groups = new Dictionary<int, DirectoryChange[]>();
        await Cancelling.AtEveryPointAsync(
            30,
            async (round, token) =>
            {
                var id = Make.Conversation();
                string[] users = [.. Enumerable.Range(0, 30).Select(n => $"u{n:00}")];
                var changes = groups[round] = [Created(id, users[..10]), Change(id, 2, 1, MembershipAction.Added, users[10..20]), Change(id, 3, 2, MembershipAction.Added, users[20..])];
                return await Directory.ApplyAsync(changes, token);
            },
            async (round, cancelled, outcomes) =>
            {
                var id = groups[round][0].Conversation;
                var membership = Assert.Single(await Directory.GetAsync([id], Token));
                var version = membership?.Version ?? 0;
                Assert.True(cancelled || version == 3, $"The directory is at {version} after all was applied.");
                Assert.Equal(10 * version, membership?.Members.Count ?? 0);
                Assert.All(outcomes ?? [], outcome => Assert.Equal(DirectoryOutcome.Applied, outcome));
                var again = await Directory.ApplyAsync(groups[round], Token);
                Assert.All(again.Take((int)version), outcome => Assert.Equal(DirectoryOutcome.AlreadyApplied, outcome));
                Assert.All(again, outcome => Assert.True(outcome is DirectoryOutcome.Applied or DirectoryOutcome.AlreadyApplied, $"{outcome}"));
                Assert.Equal(30, Assert.Single(await Directory.GetAsync([id], Token))!.Members.Count);
                Assert.Equal("3-", await IntervalsAsync(new UserId("u29"), id));
            });
    }
}
