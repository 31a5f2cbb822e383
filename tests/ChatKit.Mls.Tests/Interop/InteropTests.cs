using System.Text;

namespace ChatKit.Mls.Tests;

public sealed class InteropTests(TsMls node) : IClassFixture<TsMls>
{
    public static TheoryData<int, bool> Cases => new() { { 1, true }, { 1, false }, { 3, true }, { 3, false } };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_operation_in_both_directions(int suite, bool ownFirst)
    {
        using var group = new MixedGroup(node, VectorFile.Suite(suite)!);
        group.Start(ownFirst);
        group.Commit(group.Members[0], [group.New(!ownFirst)], []);
        group.Talk(group.Members[0], "first"u8.ToArray());
        group.Talk(group.Members[1], "second"u8.ToArray());
        group.Commit(group.Members[1], [group.New(ownFirst), group.New(!ownFirst)], [], treeInWelcome: false);
        foreach (var member in group.Members)
        {
            group.Commit(member, [], []);
            group.Talk(member, Encoding.UTF8.GetBytes("after an update of " + member.Name));
            group.Commit(member, [], [], open: true);
            group.Commit(member, [], [], psk: true);
        }

        foreach (var (index, tree) in new[] { (0, true), (1, false) })
        {
            group.ExternalJoin(group.New(true), group.Members[index], tree, resync: false);
            group.ExternalJoin(group.New(false), group.Members[index], tree, resync: false);
        }

        group.Members.ForEach(m => group.Talk(m, "hello"u8.ToArray()));
        group.ExternalJoin(group.Members.First(m => m is OwnPeer && m != group.Members[0]), group.Members[0], true, resync: true);
        var exported = group.Members[0].Export("label", [1, 2, 3], 32);
        Assert.All(group.Members, m => Assert.Equal(exported, m.Export("label", [1, 2, 3], 32)));

        var proposer = group.Members[1];
        var added = group.New(ownFirst);
        var removed = group.Members[^1];
        group.Broadcast(proposer, proposer.ProposeAdd(added.KeyPackage(), open: true));
        group.Broadcast(proposer, proposer.ProposeRemove(removed.Leaf, open: false));
        if (group.Members[0] is TsPeer && group.Members[2] is OwnPeer updating)
        {
            group.Broadcast(updating, updating.ProposeUpdate());
        }

        group.CommitWaiting(group.Members[0], [added], [removed]);
        group.Commit(group.Members[0], [], [group.Members[2], group.Members[3]]);
        group.Commit(group.Members[1], [], [group.Members[0]]);
        group.Members.ForEach(m => group.Talk(m, "the end"u8.ToArray()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Branch_and_re_init_in_both_directions(int id)
    {
        var suite = VectorFile.Suite(id)!;
        var other = VectorFile.Suite(id == 1 ? 3 : 1)!;
        using var group = new MixedGroup(node, suite);
        group.Start(own: true);
        group.Commit(group.Members[0], [group.New(own: false)], []);
        var own = (OwnPeer)group.Members[0];
        var ts = (TsPeer)group.Members[1];

        // ts-mls branches, we join; the branch replaces the group of the ts-mls client, so it comes last in each direction.
        using var bundle = own.Client.Bundle();
        ts.KeyPackage();
        var branch = ts.Call("successor", new()
        {
            ["branch"] = true,
            ["group"] = Convert.ToHexString("branch"u8),
            ["keyPackage"] = ts.LastKeyPackage,
            ["add"] = new System.Text.Json.Nodes.JsonArray(Convert.ToHexString(bundle.KeyPackage.Encode())),
        });
        using (var joined = MlsGroup.Join(
            branch.Hex("welcome"), bundle, own.Client.Config, new MlsMemoryGroupStore(),
            new MlsJoinOptions { RatchetTree = branch.Hex("tree"), ResumedFrom = own.Client.Group }))
        {
            Assert.Equal(ts.Authenticator, Convert.ToHexStringLower(joined.EpochAuthenticator.Span));

            // Of that group we branch, and ts-mls joins.
            var ours = joined.Branch("again"u8, [MlsKeyPackage.Decode(ts.KeyPackage())], new MlsMemoryGroupStore());
            ts.Join(ours.Welcome.ToArray(), null, "branch");
            Assert.Equal(ts.Authenticator, Convert.ToHexStringLower(ours.Group.EpochAuthenticator.Span));

            // We re-initialise with the other suite, and ts-mls joins.
            var reInit = ours.Group.PrepareCommit([MlsProposal.ReInit(new MlsReInit("third"u8, other))]);
            ts.Receive(reInit.Message.ToArray());
            ours.Group.MergePendingCommit();
            var successor = ours.Group.StartSuccessor([MlsKeyPackage.Decode(ts.KeyPackage(other.Id))], new MlsMemoryGroupStore());
            ts.Join(successor.Welcome.ToArray(), null, "reinit");
            Assert.Equal(ts.Authenticator, Convert.ToHexStringLower(successor.Group.EpochAuthenticator.Span));
            ours.Group.Dispose();
            successor.Group.Dispose();
        }

        // ts-mls re-initialises with the other suite, and we join.
        using var second = new MixedGroup(node, suite);
        second.Start(own: false);
        second.Commit(second.Members[0], [second.New(own: true)], []);
        var tsTwo = (TsPeer)second.Members[0];
        var ownTwo = (OwnPeer)second.Members[1];
        ownTwo.Receive(tsTwo.Call("reinit", new() { ["group"] = Convert.ToHexString("fourth"u8), ["suite"] = (int)other.Id }).Hex("message"));
        Assert.Equal(MlsGroupStatus.Suspended, ownTwo.Client.Group.Status);
        using var next = MlsKeyPackageBundle.Create(other, ownTwo.Client.Signer, ownTwo.Client.Credential);
        tsTwo.KeyPackage(other.Id);
        var theirs = tsTwo.Call("successor", new()
        {
            ["group"] = Convert.ToHexString("fourth"u8),
            ["keyPackage"] = tsTwo.LastKeyPackage,
            ["suite"] = (int)other.Id,
            ["add"] = new System.Text.Json.Nodes.JsonArray(Convert.ToHexString(next.KeyPackage.Encode())),
        });
        using var followed = MlsGroup.Join(
            theirs.Hex("welcome"), next, ownTwo.Client.Config, new MlsMemoryGroupStore(),
            new MlsJoinOptions { RatchetTree = theirs.Hex("tree"), ResumedFrom = ownTwo.Client.Group });
        Assert.Equal(tsTwo.Authenticator, Convert.ToHexStringLower(followed.EpochAuthenticator.Span));
    }

    [Theory]
    [InlineData(1, 11)]
    [InlineData(3, 12)]
    public void Groups_of_up_to_64_members_through_seeded_random_steps(int suite, int seed)
    {
        const int Steps = 150;
        var random = new Random(seed);
        using var group = new MixedGroup(node, VectorFile.Suite(suite)!);
        group.Start(seed % 2 == 0);
        group.Commit(group.Members[0], [group.New(true), group.New(false)], []);
        var largest = 0;
        var counts = new int[7];
        for (var step = 0; step < Steps; step++)
        {
            var members = group.Members;
            var actor = members[random.Next(members.Count)];
            var others = members.FindAll(m => m != actor);
            largest = Math.Max(largest, members.Count);
            var action = step == Steps / 2 ? 6 : random.Next(6);
            counts[action]++;
            switch (action)
            {
                case 0:
                    group.Commit(actor, [], [], psk: random.Next(3) == 0, open: random.Next(3) == 0);
                    break;
                case 1 when members.Count < 20:
                    group.Commit(actor, [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => group.New(random.Next(3) > 0))], [], treeInWelcome: random.Next(2) == 0);
                    break;
                case 2 when members.Count > 3:
                    var gone = Enumerable.Range(0, random.Next(1, Math.Min(4, others.Count - 1))).Select(_ => others[random.Next(others.Count)]).Distinct().ToList();
                    group.Commit(actor, random.Next(2) == 0 ? [group.New(random.Next(2) == 0)] : [], gone);
                    break;
                case 3 when members.Count < 20:
                    group.ExternalJoin(group.New(random.Next(2) == 0), actor, random.Next(2) == 0, resync: false);
                    break;
                case 6:
                    // Once to 64, nearly all of them ours, and back by the removals that follow.
                    group.Commit(actor, [.. Enumerable.Range(0, 64 - members.Count).Select(i => group.New(i % 16 != 0))], []);
                    largest = Math.Max(largest, group.Members.Count);
                    group.Commit(group.Members[random.Next(64)], [], []);
                    group.Talk(group.Members[random.Next(64)], [1]);
                    var committer = group.Members[0];
                    group.Commit(committer, [], [.. group.Members.Where((m, i) => i > 0 && i % 5 != 0)]);
                    break;
                default:
                    var data = new byte[random.Next(1, 2000)];
                    random.NextBytes(data);
                    group.Talk(actor, data);
                    break;
            }
        }

        Assert.Equal(64, largest);
        Assert.All(counts, c => Assert.True(c > 0));
        group.Members.ForEach(m => group.Talk(m, [42]));
    }
}
