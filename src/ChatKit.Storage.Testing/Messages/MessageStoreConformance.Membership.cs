using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

public abstract partial class MessageStoreConformance
{
    /// <summary>Rule 7: a membership entry under version 0 creates the conversation; its Seq is the version.</summary>
    [ConformanceFact]
    public async Task A_creation_makes_version_1()
    {
        var ann = Make.User("ann");
        var id = Make.Conversation();
        var result = Assert.Single(await Store.AppendAsync([Make.Creation(id, ann)], Token));
        Assert.Equal((AppendOutcome.Appended, 1L, 1L, 0L), (result.Outcome, result.Seq, result.MembershipVersion, result.Epoch));
        var entry = Assert.Single(Assert.Single(await Store.ReadAsync([new LogRange(id, 1, 10, 10)], Token)));
        Assert.Equal(0, entry.MembershipVersion);
        Assert.Equal(MembershipAction.Created, MembershipChange.FromBody(entry.Body.Span).Action);
    }

    /// <summary>Rule 7: a conversation is created once.</summary>
    [ConformanceFact]
    public async Task A_second_creation_is_stale()
    {
        var room = await OpenRoomAsync();
        await room.StoreAsync(room.Message("x"));
        var result = await room.AppendAsync(Make.Creation(room.Id, room.Ben));
        Assert.Equal(new AppendResult(AppendOutcome.StaleMembership, 0, default, 1, 0), result);
    }

    /// <summary>Rule 7: a conversation that does not exist has version 0, and only a creation makes it exist.</summary>
    [ConformanceFact]
    public async Task Nothing_but_a_creation_begins_a_log()
    {
        var ann = Make.User("ann");
        var id = Make.Conversation();
        foreach (var request in new[]
        {
            Make.Message(id, ann, "x", version: 0),
            Make.Message(id, ann, "x", version: 1),
            Make.Membership(id, ann, 1, MembershipAction.Added, ann),
            Make.Commit(id, ann, 0, version: 0),
        })
        {
            var result = Assert.Single(await Store.AppendAsync([request], Token));
            Assert.Equal(new AppendResult(AppendOutcome.StaleMembership, 0, default, 0, 0), result);
        }

        Assert.Null(Assert.Single(await Store.GetHeadsAsync([id], Token)));
        Assert.Equal(AppendOutcome.Appended, Assert.Single(await Store.AppendAsync([Make.Creation(id, ann)], Token)).Outcome);
    }

    /// <summary>Rule 7: an append under another version than the present one is refused and told the present one.</summary>
    /// <param name="version">The version the command was authorised under; the present one is 3.</param>
    [ConformanceTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(long.MaxValue)]
    public async Task Another_membership_version_is_stale(long version)
    {
        var room = await OpenRoomAsync();
        await room.StoreAsync(room.Message("x"));
        Assert.Equal(3, await room.StoreAsync(room.Add(1, Make.User())));
        foreach (var request in new[] { room.Message("y", version), room.Add(version, Make.User()), room.Edit(2, "z", version), room.Commit(0, version) })
        {
            Assert.Equal(new AppendResult(AppendOutcome.StaleMembership, 0, default, 3, 0), await room.AppendAsync(request));
        }

        Assert.Equal(4, await room.StoreAsync(room.Message("y", version: 3)));
        Assert.Equal(0, (await room.HeadAsync()).Epoch);
    }

    /// <summary>Rule 7: a membership entry's Seq becomes the version; every entry names the version in force before it.</summary>
    [ConformanceFact]
    public async Task Entries_carry_the_version_they_were_accepted_under()
    {
        var room = await OpenRoomAsync();
        var results = await room.AppendAsync(
            room.Message("a"),
            room.Add(1, Make.User()),
            room.Message("b", version: 3),
            room.Add(3, Make.User()),
            room.Add(5, Make.User()),
            room.Message("c", version: 6));
        Assert.Equal(Room.Sequence(2, 7), results.Select(result => result.Seq));
        Assert.Equal([0, 1, 1, 3, 3, 5, 6], (await room.ReadAsync()).Select(entry => entry.MembershipVersion));
        Assert.Equal(6, (await room.HeadAsync()).MembershipVersion);
    }

    /// <summary>Rule 7: of membership changes that race under one version one wins, the others learn the new version.</summary>
    [ConformanceFact]
    public async Task Racing_membership_changes_have_one_winner()
    {
        var room = await OpenRoomAsync();
        long version = 1;
        for (var round = 0; round < 5; round++)
        {
            var under = version;
            var results = await Racing.RunAsync(8, () => room.AppendAsync(room.Add(under, Make.User())));
            var winner = Assert.Single(results, result => result.Outcome == AppendOutcome.Appended);
            Assert.All(results.Where(result => result != winner), result => Assert.Equal(AppendOutcome.StaleMembership, result.Outcome));
            Assert.All(results, result => Assert.Equal(winner.Seq, result.MembershipVersion));
            version = winner.Seq;
        }

        Assert.Equal(6, version);
    }

    /// <summary>Rule 18: a commit compares and sets the epoch.</summary>
    [ConformanceFact]
    public async Task A_commit_compares_and_sets_the_epoch()
    {
        var room = await OpenRoomAsync();
        var first = await room.AppendAsync(room.Commit(0));
        Assert.Equal((AppendOutcome.Appended, 1L), (first.Outcome, first.Epoch));
        foreach (var epoch in new long[] { 0, 2, long.MaxValue })
        {
            Assert.Equal(new AppendResult(AppendOutcome.StaleEpoch, 0, default, 1, 1), await room.AppendAsync(room.Commit(epoch)));
        }

        Assert.Equal(1, (await room.HeadAsync()).Epoch);
        var message = await room.AppendAsync(room.Message("no commit"));
        Assert.Equal(1, message.Epoch);
        var second = await room.AppendAsync(room.Commit(1));
        Assert.Equal((AppendOutcome.Appended, 2L), (second.Outcome, second.Epoch));
        Assert.Equal(2, (await room.HeadAsync()).Epoch);
        Assert.Equal(1, (await room.HeadAsync()).MembershipVersion);
    }

    /// <summary>Rule 18: of two commits of one epoch in a batch the first wins.</summary>
    [ConformanceFact]
    public async Task Commits_in_one_batch_are_judged_in_order()
    {
        var room = await OpenRoomAsync();
        var results = await room.AppendAsync(room.Commit(0), room.Commit(0), room.Commit(1));
        Assert.Equal([AppendOutcome.Appended, AppendOutcome.StaleEpoch, AppendOutcome.Appended], results.Select(result => result.Outcome));
        Assert.Equal([1, 1, 2], results.Select(result => result.Epoch));
    }

    /// <summary>Rule 18: of commits that race in one epoch one wins, the others learn the present epoch.</summary>
    [ConformanceFact]
    public async Task Racing_commits_have_one_winner()
    {
        var room = await OpenRoomAsync();
        for (var epoch = 0L; epoch < 5; epoch++)
        {
            var expected = epoch;
            var results = await Racing.RunAsync(8, () => room.AppendAsync(room.Commit(expected)));
            Assert.Single(results, result => result.Outcome == AppendOutcome.Appended);
            Assert.Equal(7, results.Count(result => result.Outcome == AppendOutcome.StaleEpoch));
            Assert.All(results, result => Assert.Equal(expected + 1, result.Epoch));
        }
    }
}
