using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

public abstract partial class MessageStoreConformance
{
    /// <summary>Rule 5: the same command again gives the first result again.</summary>
    [ConformanceFact]
    public async Task A_retry_gives_the_first_result()
    {
        var room = await OpenRoomAsync();
        var command = room.Message("once");
        var first = await room.AppendAsync(command);
        await room.StoreAsync(room.Message("in between"));
        Clock.Move(TimeSpan.FromMinutes(5));
        var again = await room.AppendAsync(command);
        Assert.Equal(AppendOutcome.Duplicate, again.Outcome);
        Assert.Equal(first.Seq, again.Seq);
        Assert.Equal(first.AcceptedAt, again.AcceptedAt);
        Assert.Equal(3, (await room.AssertDenseAsync()).Count);
    }

    /// <summary>Rule 5: the same key with another payload is a conflict and changes nothing.</summary>
    [ConformanceFact]
    public async Task The_same_key_with_another_payload_is_a_conflict()
    {
        var room = await OpenRoomAsync();
        var command = room.Message("this");
        await room.StoreAsync(command);
        var result = await room.AppendAsync(command.WithText("that"));
        Assert.Equal(new AppendResult(AppendOutcome.Conflict, 0, default, 1, 0), result);
        Assert.Equal("this", Assert.Single(await room.ReadAsync(2)).Text());
        Assert.Equal(AppendOutcome.Duplicate, (await room.AppendAsync(command)).Outcome);
    }

    /// <summary>Rule 5: all 128 bits of the payload's hash are compared.</summary>
    [ConformanceFact]
    public async Task The_whole_payload_hash_is_compared()
    {
        var room = await OpenRoomAsync();
        var command = room.Message("x") with { PayloadHash = UInt128.MaxValue };
        await room.StoreAsync(command);
        Assert.Equal(AppendOutcome.Duplicate, (await room.AppendAsync(command)).Outcome);
        foreach (var bit in new[] { 0, 1, 31, 32, 63, 64, 65, 96, 126, 127 })
        {
            var other = command with { PayloadHash = UInt128.MaxValue ^ (UInt128.One << bit) };
            Assert.Equal(AppendOutcome.Conflict, (await room.AppendAsync(other)).Outcome);
        }

        var zero = room.Message("y") with { PayloadHash = UInt128.Zero };
        await room.StoreAsync(zero);
        Assert.Equal(AppendOutcome.Duplicate, (await room.AppendAsync(zero)).Outcome);
    }

    /// <summary>Rule 5: the key is conversation, sender and command id: each may differ alone.</summary>
    [ConformanceFact]
    public async Task Keys_are_per_conversation_and_sender()
    {
        var one = await OpenRoomAsync();
        var other = await OpenRoomAsync();
        var command = one.Message("x");
        await one.StoreAsync(command);
        Assert.Equal(3, await one.StoreAsync(command with { Sender = one.Ben }));
        Assert.Equal(2, await other.StoreAsync(command with { Conversation = other.Id }));
        Assert.Equal(4, await one.StoreAsync(command with { Command = CommandId.New() }));
    }

    /// <summary>Rule 5: the device is no part of the key: a command resent over plain HTTP is the same command.</summary>
    [ConformanceFact]
    public async Task The_device_is_no_part_of_the_key()
    {
        var room = await OpenRoomAsync();
        var command = room.Message("x") with { Device = "phone" };
        await room.StoreAsync(command);
        Assert.Equal(AppendOutcome.Duplicate, (await room.AppendAsync(command with { Device = null })).Outcome);
    }

    /// <summary>Rules 5 and 7: a retry is a duplicate also when its membership version is stale by now.</summary>
    [ConformanceFact]
    public async Task A_retry_after_a_membership_change_is_a_duplicate()
    {
        var room = await OpenRoomAsync();
        var command = room.Message("x");
        await room.StoreAsync(command);
        await room.StoreAsync(room.Add(1, Make.User()));
        var again = await room.AppendAsync(command);
        Assert.Equal(AppendOutcome.Duplicate, again.Outcome);
        Assert.Equal(2, again.Seq);
        Assert.Equal(3, again.MembershipVersion);
        var anew = await room.AppendAsync(command with { MembershipVersion = 3 });
        Assert.Equal((AppendOutcome.Duplicate, 2L), (anew.Outcome, anew.Seq));
    }

    /// <summary>Rule 5: a retry of what changed the state it would now be judged by is a duplicate: creation, commit, edit, deletion.</summary>
    [ConformanceFact]
    public async Task A_retry_is_never_judged_again()
    {
        var ann = Make.User("ann");
        var id = Make.Conversation();
        AppendRequest[] commands =
        [
            Make.Creation(id, ann),
            Make.Commit(id, ann, 0),
            Make.Message(id, ann, "text"),
            Make.Edit(id, ann, 3, "edited"),
            Make.Deletion(id, ann, 3),
            Make.Membership(id, ann, 1, MembershipAction.Added, Make.User()),
        ];
        foreach (var command in commands)
        {
            Assert.Equal(AppendOutcome.Appended, Assert.Single(await Store.AppendAsync([command], Token)).Outcome);
        }

        var again = await Store.AppendAsync(commands, Token);
        Assert.All(again, result => Assert.Equal(AppendOutcome.Duplicate, result.Outcome));
        Assert.Equal(Room.Sequence(1, 6), again.Select(result => result.Seq));
        Assert.All(again, result => Assert.Equal((6L, 1L), (result.MembershipVersion, result.Epoch)));
    }

    /// <summary>Rules 5 and 7: a refused command is not remembered: authorised anew it is stored.</summary>
    [ConformanceFact]
    public async Task A_refused_command_may_be_sent_again()
    {
        var room = await OpenRoomAsync();
        var stale = room.Message("x", version: 9);
        Assert.Equal(AppendOutcome.StaleMembership, (await room.AppendAsync(stale)).Outcome);
        Assert.Equal(2, await room.StoreAsync(stale with { MembershipVersion = 1 }));
        var commit = room.Commit(epoch: 3);
        Assert.Equal(AppendOutcome.StaleEpoch, (await room.AppendAsync(commit)).Outcome);
        Assert.Equal(3, await room.StoreAsync(commit with { ExpectedEpoch = 0 }));
        var edit = room.Edit(4, "edited");
        Assert.Equal(AppendOutcome.TargetGone, (await room.AppendAsync(edit)).Outcome);
        Assert.Equal(4, await room.StoreAsync(room.Message("target")));
        Assert.Equal(5, await room.StoreAsync(edit));
    }

    /// <summary>Rule 4: a batch sent again after an unclear commit gives duplicates and stores only what was new.</summary>
    [ConformanceFact]
    public async Task A_batch_sent_again_gives_duplicates()
    {
        var one = await OpenRoomAsync();
        var other = await OpenRoomAsync();
        AppendRequest[] batch = [one.Message("1"), other.Message("1"), one.Message("2")];
        var first = await Store.AppendAsync(batch, Token);
        var again = await Store.AppendAsync([.. batch, one.Message("3")], Token);
        Assert.Equal(first.Select(result => result with { Outcome = AppendOutcome.Duplicate }), again.Take(3));
        Assert.Equal((AppendOutcome.Appended, 4L), (again[3].Outcome, again[3].Seq));
        Assert.Equal(4, (await one.AssertDenseAsync()).Count);
        Assert.Equal(2, (await other.AssertDenseAsync()).Count);
    }
}
