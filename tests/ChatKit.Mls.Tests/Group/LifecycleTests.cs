using System.Text;

namespace ChatKit.Mls.Tests;

public sealed class LifecycleTests
{
    public static TheoryData<int> Suites => [1, 3, 0xF00D];

    private static MlsCipherSuite Suite(int id) => VectorFile.Suite(id) ?? XWingSuite.Suite;

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_group_adds_talks_updates_and_removes(int id)
    {
        using var group = TestGroup.Of(5, Suite(id));
        group.AssertTalk();
        group.Commit(3);
        group.AssertTalk();
        var removed = group[2];
        group.Commit(1, [MlsProposal.Remove(removed.Group.OwnLeafIndex)]);
        Assert.Equal(MlsGroupStatus.Removed, removed.Group.Status);
        Assert.Equal(4, group[0].Group.Members.Count);
        group.AssertTalk();
        group.Add(4, new TestClient("late", Suite(id)));
        Assert.Equal(2, group[5].Group.OwnLeafIndex);
        group.AssertTalk();
    }

    [Fact]
    public void A_group_with_public_handshake_works_the_same()
    {
        using var group = TestGroup.Of(3, configure: o => TestClient.Options(o.Signer, MlsCipherSuite.Mls128DhKemX25519Aes128GcmSha256Ed25519, publicHandshake: true));
        group.Deliver(group[1].Group.ProposeUpdate(), group[1]);
        var result = group.Commit(0);
        Assert.Equal(1, (int)MlsMessage.Decode(result.Message.Span).WireFormat);
        group.AssertTalk();
    }

    [Fact]
    public void A_welcome_without_the_tree_needs_it_from_elsewhere()
    {
        using var group = TestGroup.Of(2);
        using var joiner = new TestClient("joiner");
        var bundle = joiner.Bundle();
        var pending = group.Commit(0, [MlsProposal.Add(bundle.KeyPackage)], new MlsCommitOptions { RatchetTreeInWelcome = false });
        Assert.Equal(MlsErrorCode.MissingRatchetTree, Assert.Throws<MlsException>(() => joiner.Join(pending.Welcome!.Value, bundle)).Code);
        joiner.Join(pending.Welcome!.Value, bundle, new MlsJoinOptions { RatchetTree = group[0].Group.ExportRatchetTree() });
        group.Track(joiner);
        group.AssertAgree();
        group.AssertTalk();
        joiner.Group = joiner.Group;
    }

    [Fact]
    public void All_kinds_of_proposals_by_reference()
    {
        var psks = new TestPsks();
        psks.Add([7], Encoding.UTF8.GetBytes("a shared secret"));
        using var group = TestGroup.Of(4, configure: o => TestClient.Options(o.Signer, MlsCipherSuite.Mls128DhKemX25519Aes128GcmSha256Ed25519, psks: psks));
        using var added = new TestClient("added", configure: _ => group[0].Config);
        using var addedClient = new TestClient("newcomer", configure: o => TestClient.Options(o.Signer, MlsCipherSuite.Mls128DhKemX25519Aes128GcmSha256Ed25519, psks: psks));
        var bundle = addedClient.Bundle();
        var sender = new MlsExternalSender(added.Signer.PublicKey.Span, added.Credential);
        group.Deliver(group[1].Group.ProposeUpdate(), group[1]);
        group.Deliver(group[2].Group.Propose(MlsProposal.Remove(3)), group[2]);
        group.Deliver(group[1].Group.Propose(MlsProposal.Add(bundle.KeyPackage)), group[1]);
        group.Deliver(group[2].Group.Propose(MlsProposal.ExternalPsk([7])), group[2]);
        group.Deliver(group[2].Group.Propose(MlsProposal.ResumptionPsk(group[2].Group.GroupId.Span, group[2].Group.Epoch)), group[2]);
        group.Deliver(group[1].Group.Propose(MlsProposal.GroupContextExtensions([MlsExternalSender.ToExtension([sender])])), group[1]);
        Assert.Equal(6, group[0].Group.PendingProposals.Count);
        Assert.Equal(MlsErrorCode.ProposalsPending, Assert.Throws<MlsException>(() => group[0].Send("too early")).Code);
        // The resumption PSK of this very group cannot be known to a newcomer: the Add goes into a commit of its own.
        var first = group[0].Group.PrepareCommit();
        var changes = Assert.IsType<MlsCommitMerged>(group[1].Group.Process(first.Message.Span));
        Assert.Equal([3], changes.Removed.Select(m => m.LeafIndex));
        Assert.Equal([1, 0], changes.Updated.Select(m => m.LeafIndex));
        Assert.Equal([3], changes.Added.Select(m => m.LeafIndex));
        Assert.Equal([7], changes.ExternalPskIds.Single().ToArray());
        Assert.True(changes.ExtensionsChanged);
        group[2].Group.Process(first.Message.Span);
        group[3].Group.Process(first.Message.Span);
        group[0].Group.MergePendingCommit();
        Assert.Equal(MlsGroupStatus.Removed, group[3].Group.Status);
        Assert.Single(group[2].Group.Extensions);
        group.AssertAgree();
        Assert.Equal(MlsErrorCode.PskNotFound, Assert.Throws<MlsException>(() => addedClient.Join(first.Welcome!.Value, bundle)).Code);
        group.AssertTalk();
    }

    [Fact]
    public void An_external_psk_reaches_a_newcomer_by_its_welcome()
    {
        var psks = new TestPsks();
        psks.Add([1], new byte[32]);
        MlsGroupOptions With(MlsGroupOptions o) => TestClient.Options(o.Signer, MlsCipherSuite.Mls128DhKemX25519Aes128GcmSha256Ed25519, psks: psks);
        using var group = TestGroup.Of(2, configure: With);
        using var joiner = new TestClient("joiner", configure: With);
        var bundle = joiner.Bundle();
        var pending = group.Commit(0, [MlsProposal.Add(bundle.KeyPackage), MlsProposal.ExternalPsk([1])]);
        joiner.Join(pending.Welcome!.Value, bundle);
        Assert.Equal(group[0].Group.EpochAuthenticator.ToArray(), joiner.Group.EpochAuthenticator.ToArray());
    }

    [Fact]
    public void External_senders_and_newcomers_propose_from_outside()
    {
        using var server = Ed25519Signer.Generate();
        var extension = MlsExternalSender.ToExtension([new MlsExternalSender(server.PublicKey.Span, MlsCredential.Basic("server"u8))]);
        using var group = TestGroup.Of(3, extensions: [extension]);
        using var joiner = new TestClient("joiner");
        var bundle = joiner.Bundle();
        var context = group[0].Group;
        group.Deliver(MlsExternalProposals.Create(context.GroupId.Span, context.Epoch, context.CipherSuite, 0, server, MlsProposal.Remove(2)));
        group.Deliver(MlsExternalProposals.CreateOwnAdd(context.GroupId.Span, context.Epoch, joiner.Signer, bundle.KeyPackage));
        var pending = group.Commit(1);
        joiner.Join(pending.Welcome!.Value, bundle);
        Assert.Equal(MlsGroupStatus.Removed, group[2].Group.Status);
        group.Track(joiner);
        group.AssertAgree();
        group.AssertTalk();
        joiner.Group = joiner.Group;
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void An_external_commit_joins_and_rejoins(int id)
    {
        using var group = TestGroup.Of(3, Suite(id));
        var joiner = new TestClient("joiner", Suite(id));
        var join = joiner.PrepareExternal(group[1].Group.ExportGroupInfo());
        group.Deliver(join.Message.ToArray());
        joiner.Group = join.Complete();
        group.Track(joiner);
        group.AssertAgree();
        group.AssertTalk();
        // The joiner loses its state and comes back in place of its old leaf.
        var again = joiner.PrepareExternal(
            group[0].Group.ExportGroupInfo(withRatchetTree: false),
            new MlsExternalJoinOptions { RatchetTree = group[0].Group.ExportRatchetTree(), ReplacedLeafIndex = joiner.Group.OwnLeafIndex });
        var result = Assert.IsType<MlsCommitMerged>(group[0].Group.Process(again.Message.Span));
        Assert.True(result.IsExternal);
        Assert.Equal([3], result.Removed.Select(m => m.LeafIndex));
        Assert.Equal([3], result.Added.Select(m => m.LeafIndex));
        group[1].Group.Process(again.Message.Span);
        group[2].Group.Process(again.Message.Span);
        joiner.Group = again.Complete();
        Assert.Equal(4, group[0].Group.Members.Count);
        group.AssertAgree();
        group.AssertTalk();
    }

    [Fact]
    public void Exporter_and_authenticator_agree_and_change_with_the_epoch()
    {
        using var group = TestGroup.Of(2);
        var first = group[0].Group.ExportSecret("label"u8, "context"u8, 40);
        Assert.Equal(40, first.Length);
        Assert.Equal(first, group[1].Group.ExportSecret("label"u8, "context"u8, 40));
        Assert.NotEqual(first, group[1].Group.ExportSecret("label"u8, "other"u8, 40));
        group.Commit(1);
        Assert.NotEqual(first, group[0].Group.ExportSecret("label"u8, "context"u8, 40));
    }

    [Fact]
    public void A_member_changes_its_signature_key()
    {
        using var group = TestGroup.Of(3);
        using var next = Ed25519Signer.Generate();
        var rotating = new MlsGroupOptions { Signer = group[1].Signer, AlternateSigners = [next], CredentialValidator = new AcceptAll() };
        group[1].Reload(rotating);
        group.Commit(1, options: new MlsCommitOptions { Leaf = new MlsLeafOptions { Signer = next } });
        Assert.Equal(next.PublicKey.ToArray(), group[0].Group.Members[1].SignatureKey.ToArray());
        group.AssertTalk();
        group[1].Reload(rotating);
        group.AssertTalk();
    }

    [Fact]
    public void Last_resort_key_packages_are_marked_and_work_twice()
    {
        using var joiner = new TestClient("joiner");
        using var bundle = MlsKeyPackageBundle.Create(joiner.Suite, joiner.Signer, joiner.Credential, new MlsKeyPackageOptions { LastResort = true });
        Assert.True(MlsKeyPackage.Decode(bundle.KeyPackage.Encode()).IsLastResort);
        using var restored = MlsKeyPackageBundle.Deserialize(bundle.Serialize());
        for (var i = 0; i < 2; i++)
        {
            using var group = TestGroup.Of(2);
            var pending = group.Commit(0, [MlsProposal.Add(bundle.KeyPackage)]);
            joiner.Join(pending.Welcome!.Value, restored);
            Assert.Equal(group[0].Group.EpochAuthenticator.ToArray(), joiner.Group.EpochAuthenticator.ToArray());
        }
    }
}
