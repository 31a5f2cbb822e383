namespace ChatKit.Mls.Tests;

public sealed class PendingCommitTests
{
    [Fact]
    public void A_lost_race_is_an_ordinary_outcome()
    {
        using var group = TestGroup.Of(3);
        var mine = group[1].Group.PrepareCommit();
        var theirs = group[2].Group.PrepareCommit([MlsProposal.Remove(0)]);
        Assert.Equal(MlsErrorCode.PendingCommitExists, Assert.Throws<MlsException>(() => group[1].Group.PrepareCommit()).Code);
        var outcome = Assert.IsType<MlsCommitMerged>(group[1].Group.Process(theirs.Message.Span));
        Assert.True(outcome.PendingCommitDropped);
        Assert.False(outcome.IsOwn);
        Assert.Null(group[1].Group.PendingCommit);
        group[2].Group.MergePendingCommit();
        Assert.Equal(MlsErrorCode.WrongEpoch, Assert.Throws<MlsException>(() => group[2].Group.Process(mine.Message.Span)).Code);
        Assert.True(Assert.IsType<MlsCommitMerged>(group[0].Group.Process(theirs.Message.Span)).RemovedSelf);
        group.AssertAgree();
        group.AssertTalk();
    }

    [Fact]
    public void The_echo_of_the_own_commit_merges_it()
    {
        using var group = TestGroup.Of(2);
        var pending = group[0].Group.PrepareCommit();
        Assert.True(Assert.IsType<MlsCommitMerged>(group[0].Group.Process(pending.Message.Span)).IsOwn);
        group[1].Group.Process(pending.Message.Span);
        group.AssertAgree();
        Assert.Equal(MlsErrorCode.NoPendingCommit, Assert.Throws<MlsException>(() => group[0].Group.MergePendingCommit()).Code);
    }

    [Fact]
    public void A_dropped_commit_leaves_the_epoch_and_never_uses_a_key_twice()
    {
        using var group = TestGroup.Of(2);
        var epoch = group[0].Group.Epoch;
        var first = group[0].Group.PrepareCommit().Message.ToArray();
        group[0].Group.DropPendingCommit();
        Assert.Equal(epoch, group[0].Group.Epoch);
        Assert.DoesNotContain(StateKeys.Pending, group[0].Snapshot().Keys);
        Assert.Equal(MlsErrorCode.NoPendingCommit, Assert.Throws<MlsException>(() => group[0].Group.DropPendingCommit()).Code);
        var second = group[0].Group.PrepareCommit().Message.ToArray();
        var secret = group[1].Group;
        Assert.NotEqual(Generation(first, group[1]), Generation(second, group[1]));
        secret.Process(second);
        group[0].Group.MergePendingCommit();
        group.AssertAgree();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_pending_commit_survives_a_restart(bool merge)
    {
        using var group = TestGroup.Of(6);
        group.Deliver(group[3].Group.ProposeUpdate(), group[3]);
        group.Deliver(group[4].Group.Propose(MlsProposal.Remove(5)), group[4]);
        using var joiner = new TestClient("joiner");
        var bundle = joiner.Bundle();
        var pending = group[1].Group.PrepareCommit([MlsProposal.Add(bundle.KeyPackage)]);
        var message = pending.Message.ToArray();
        group[1].Reload();
        Assert.Equal(message, group[1].Group.PendingCommit!.Message.ToArray());
        Assert.Equal(2, group[1].Group.PendingProposals.Count);
        if (merge)
        {
            group.Deliver(message, group[1]);
            var result = group[1].Group.MergePendingCommit();
            Assert.Equal([5], result.Removed.Select(m => m.LeafIndex));
            joiner.Join(group[1].Group.PendingCommit?.Welcome ?? pending.Welcome!.Value, bundle);
            group[1].Reload();
        }
        else
        {
            var theirs = group[2].Group.PrepareCommit();
            group.Deliver(theirs.Message.ToArray(), group[2]);
            group[2].Group.MergePendingCommit();
            Assert.Null(group[1].Group.PendingCommit);
            group[1].Reload();
        }

        group.AssertAgree();
        group.AssertTalk();
        group.Commit(1);
        group.AssertTalk();
    }

    [Fact]
    public void Messages_of_the_old_epoch_still_arrive_around_a_commit()
    {
        using var group = TestGroup.Of(3);
        var early = group[0].Send("early");
        var pending = group[1].Group.PrepareCommit();
        var between = group[1].Send("while pending");
        group.Deliver(pending.Message.ToArray(), group[1]);
        group[1].Group.MergePendingCommit();
        Assert.Equal("early", group[2].Read(early));
        Assert.Equal("while pending", group[2].Read(between));
        Assert.Equal("early", group[1].Read(early));
        group[0].Reload();
        Assert.Equal("while pending", group[0].Read(between));
    }

    [Fact]
    public void A_store_that_fails_leaves_the_group_as_it_was()
    {
        using var group = TestGroup.Of(2);
        var failing = new FailingStore();
        using var loaded = MlsGroup.Load(group[0].Store.Records, group[0].Config, failing);
        var incoming = group[1].Send("hello");
        var commit = group[1].Group.PrepareCommit();
        failing.Fails = true;
        Assert.Throws<IOException>(() => loaded.Encrypt("x"u8));
        Assert.Throws<IOException>(() => loaded.PrepareCommit());
        Assert.Throws<IOException>(() => loaded.ProposeUpdate());
        Assert.Throws<IOException>(() => loaded.Process(incoming));
        Assert.Throws<IOException>(() => loaded.Process(commit.Message.Span));
        Assert.Null(loaded.PendingCommit);
        Assert.Empty(loaded.PendingProposals);
        failing.Fails = false;
        Assert.Equal("hello"u8, Assert.IsType<MlsApplicationMessage>(loaded.Process(incoming)).Content.Span);
        var own = loaded.Encrypt("x"u8);
        Assert.Equal("x"u8, Assert.IsType<MlsApplicationMessage>(group[1].Group.Process(own)).Content.Span);
        Assert.IsType<MlsCommitMerged>(loaded.Process(commit.Message.Span));
        group[1].Group.MergePendingCommit();
        Assert.Equal(group[1].Group.EpochAuthenticator.ToArray(), loaded.EpochAuthenticator.ToArray());
    }

    private static uint Generation(byte[] message, TestClient reader)
    {
        using var loaded = reader.Store.Records.Count > 0 ? MlsGroup.Load(reader.Store.Records, reader.Config, new MlsMemoryGroupStore()) : null;
        var map = reader.Store.Records.ToDictionary(r => r.Key, r => r.Value!.Value.ToArray());
        var stateReader = new MlsReader(map[StateKeys.Epoch]);
        GroupContext.Read(ref stateReader);
        stateReader.ReadUInt32();
        stateReader.ReadUInt32();
        stateReader.ReadOpaque();
        stateReader.ReadOpaque();
        using var secrets = EpochSecrets.Read(ref stateReader);
        return SenderData.Decrypt(reader.Suite, secrets.SenderDataSecret, MlsMessage.Decode(message).PrivateMessage!).Generation;
    }
}
