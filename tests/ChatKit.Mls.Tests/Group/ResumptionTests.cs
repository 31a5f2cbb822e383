namespace ChatKit.Mls.Tests;

public sealed class ResumptionTests
{
    [Fact]
    public void A_branch_holds_some_members_and_is_tied_to_its_origin()
    {
        using var group = TestGroup.Of(4);
        var bundle = group[2].Bundle();
        var branch = group[0].Group.Branch("branch"u8, [bundle.KeyPackage], new MlsMemoryGroupStore());
        using var first = branch.Group;
        using var second = MlsGroup.Join(branch.Welcome.Span, bundle, group[2].Config, new MlsMemoryGroupStore(), new MlsJoinOptions { ResumedFrom = group[2].Group });
        Assert.Equal(first.EpochAuthenticator.ToArray(), second.EpochAuthenticator.ToArray());
        Assert.Equal(1ul, second.Epoch);
        Assert.Equal("hi"u8, Assert.IsType<MlsApplicationMessage>(second.Process(first.Encrypt("hi"u8))).Content.Span);
        group.AssertTalk();
        Assert.Equal(
            MlsErrorCode.PskNotFound,
            Assert.Throws<MlsException>(() => MlsGroup.Join(branch.Welcome.Span, bundle, group[2].Config, new MlsMemoryGroupStore())).Code);
    }

    [Fact]
    public void A_branch_with_a_stranger_is_refused_by_both_sides()
    {
        using var group = TestGroup.Of(2);
        using var stranger = new TestClient("stranger");
        var bundle = stranger.Bundle();
        Assert.Equal(
            MlsErrorCode.ResumptionMismatch,
            Assert.Throws<MlsException>(() => group[0].Group.Branch("b"u8, [bundle.KeyPackage], new MlsMemoryGroupStore())).Code);

        // A member that lets everybody in cannot make the other side accept it.
        var lax = new MlsGroupOptions { Signer = group[0].Signer, CredentialValidator = new LaxSuccession() };
        using var laxGroup = MlsGroup.Load(group[0].Store.Records, lax, new MlsMemoryGroupStore());
        var member = group[1].Bundle();
        var branch = laxGroup.Branch("b"u8, [member.KeyPackage], new MlsMemoryGroupStore());
        branch.Group.Dispose();
        using var third = TestGroup.Of(3);
        var outside = third[2].Bundle();
        using var laxThird = MlsGroup.Load(third[0].Store.Records, new MlsGroupOptions { Signer = third[0].Signer, CredentialValidator = new LaxSuccession() }, new MlsMemoryGroupStore());
        var smuggled = laxThird.Branch("b"u8, [outside.KeyPackage, bundle.KeyPackage], new MlsMemoryGroupStore());
        smuggled.Group.Dispose();
        Refused.With(MlsErrorCode.ResumptionMismatch, third[2], g => MlsGroup.Join(
            smuggled.Welcome.Span, outside, third[2].Config, new MlsMemoryGroupStore(), new MlsJoinOptions { ResumedFrom = g }));
    }

    [Fact]
    public void A_re_init_suspends_the_group_and_starts_its_successor_with_another_suite()
    {
        var chacha = MlsCipherSuite.Mls128DhKemX25519ChaCha20Poly1305Sha256Ed25519;
        using var group = TestGroup.Of(3);
        group.Commit(1, [MlsProposal.ReInit(new MlsReInit("successor"u8, chacha))]);
        Assert.All(group.Clients, c => Assert.Equal(MlsGroupStatus.Suspended, c.Group.Status));
        Assert.Equal(MlsErrorCode.GroupInactive, Assert.Throws<MlsException>(() => group[0].Send("no")).Code);
        Assert.Equal(MlsErrorCode.GroupInactive, Assert.Throws<MlsException>(() => group[0].Group.PrepareCommit()).Code);
        group[2].Reload();
        Assert.Equal(chacha.Id, group[2].Group.ReInit!.CipherSuite);
        var bundles = new[] { group[0], group[2] }.Select(c => MlsKeyPackageBundle.Create(chacha, c.Signer, c.Credential)).ToArray();
        Assert.Equal(
            MlsErrorCode.ResumptionMismatch,
            Assert.Throws<MlsException>(() => group[1].Group.StartSuccessor([bundles[0].KeyPackage], new MlsMemoryGroupStore())).Code);
        var successor = group[1].Group.StartSuccessor([.. bundles.Select(b => b.KeyPackage)], new MlsMemoryGroupStore());
        using var one = successor.Group;
        using var zero = MlsGroup.Join(successor.Welcome.Span, bundles[0], group[0].Config, new MlsMemoryGroupStore(), new MlsJoinOptions { ResumedFrom = group[0].Group });
        using var two = MlsGroup.Join(successor.Welcome.Span, bundles[1], group[2].Config, new MlsMemoryGroupStore(), new MlsJoinOptions { ResumedFrom = group[2].Group });
        Assert.Equal(one.EpochAuthenticator.ToArray(), zero.EpochAuthenticator.ToArray());
        Assert.Equal(chacha.Id, two.CipherSuite.Id);
        Assert.Equal("x"u8, Assert.IsType<MlsApplicationMessage>(two.Process(zero.Encrypt("x"u8))).Content.Span);
        Array.ForEach(bundles, b => b.Dispose());
    }

    [Fact]
    public void A_re_init_stands_alone()
    {
        using var group = TestGroup.Of(3);
        Assert.Equal(MlsErrorCode.InvalidCommit, Assert.Throws<MlsException>(() => group[0].Group.PrepareCommit(
            [MlsProposal.ReInit(new MlsReInit("s"u8, group[0].Suite)), MlsProposal.Remove(2)])).Code);
        Assert.Equal(MlsErrorCode.ResumptionMismatch, Assert.Throws<MlsException>(() => group[0].Group.StartSuccessor([], new MlsMemoryGroupStore())).Code);
    }

    private sealed class LaxSuccession : MlsCredentialValidator
    {
        public override bool IsValid(in MlsCredentialContext context) => true;

        public override bool IsSuccessor(MlsCredential previous, MlsCredential next) => true;
    }
}
