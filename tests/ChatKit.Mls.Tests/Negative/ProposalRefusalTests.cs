namespace ChatKit.Mls.Tests;

public sealed class ProposalRefusalTests
{
    private static readonly MlsCipherSuite Suite = MlsCipherSuite.Mls128DhKemX25519Aes128GcmSha256Ed25519;

    [Fact]
    public void Key_packages_are_verified()
    {
        using var group = TestGroup.Of(2);
        using var joiner = new TestClient("joiner");
        using var other = new TestClient("other");
        var now = (ulong)DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()).ToUnixTimeSeconds();
        void Check(MlsErrorCode code, MlsKeyPackage package)
        {
            Refused.With(code, group[1], g => g.Process(Forge.Proposal(group[0], new AddProposal(package))));
            Refused.With(code, group[1], g => g.PrepareCommit([MlsProposal.Add(package)]));
            Refused.With(code, group[1], g => g.Process(Forge.Commit(group[0], [new AddProposal(package)])));
        }

        Check(MlsErrorCode.LifetimeInvalid, Forge.KeyPackage(joiner, new MlsLifetime(0, now - 60)));
        Check(MlsErrorCode.LifetimeInvalid, Forge.KeyPackage(joiner, new MlsLifetime(now + 600, now + 6000)));
        Check(MlsErrorCode.InvalidSignature, Forge.KeyPackage(joiner, packageSigner: other.Signer));
        Check(MlsErrorCode.InvalidKeyPackage, Forge.KeyPackage(joiner, suite: MlsCipherSuite.Mls128DhKemX25519ChaCha20Poly1305Sha256Ed25519));
        Check(MlsErrorCode.InvalidKeyPackage, Forge.KeyPackage(joiner, source: LeafNodeSource.Update));
        var key = Suite.GenerateKeyPair().PublicKey;
        Check(MlsErrorCode.InvalidKeyPackage, Forge.KeyPackage(joiner, encryptionKey: key, initKey: key));
        Check(MlsErrorCode.InvalidKey, Forge.KeyPackage(joiner, initKey: new byte[31]));
        Check(MlsErrorCode.InvalidKey, Forge.KeyPackage(joiner, encryptionKey: new byte[33]));
        Check(MlsErrorCode.UnsupportedCapability, Forge.KeyPackage(joiner, capabilities: new MlsCapabilities(cipherSuites: [3])));
        Check(MlsErrorCode.UnsupportedCapability, Forge.KeyPackage(joiner, capabilities: new MlsCapabilities(credentials: [2])));
        Check(MlsErrorCode.InvalidLeafNode, Forge.KeyPackage(joiner, leafExtensions: [new MlsExtension(0xF123, [1])]));
        Check(MlsErrorCode.InvalidExtension, Forge.KeyPackage(joiner, leafExtensions: [new MlsExtension(1, [1]), new MlsExtension(1, [2])]));

        // A point of small order as init key: nothing may be encrypted to it.
        var zero = Forge.KeyPackage(joiner, initKey: new byte[32]);
        Refused.With(MlsErrorCode.InvalidKey, group[1], g => g.PrepareCommit([MlsProposal.Add(zero)]));

        // The leaf's own signature, over a leaf that was changed after it was signed.
        var good = joiner.Bundle().KeyPackage;
        var leaf = good.LeafNode;
        var changed = new LeafNode(leaf.EncryptionKey, leaf.SignatureKey, MlsCredential.Basic("somebody else"u8), leaf.Capabilities, leaf.Source, leaf.Lifetime, [], leaf.Extensions, leaf.Signature);
        Check(MlsErrorCode.InvalidSignature, MlsKeyPackage.Create(Suite, joiner.Signer, Suite.GenerateKeyPair().PublicKey, changed, []));
    }

    [Fact]
    public void Clients_and_keys_stay_distinct()
    {
        using var group = TestGroup.Of(3);
        using var joiner = new TestClient("joiner");
        var again = group[2].Bundle().KeyPackage;
        Refused.With(MlsErrorCode.DuplicateKey, group[1], g => g.PrepareCommit([MlsProposal.Add(again)]));
        Refused.With(MlsErrorCode.DuplicateKey, group[1], g => g.Process(Forge.Commit(group[0], [new AddProposal(again)])));
        var stolen = Forge.KeyPackage(joiner, encryptionKey: group[0].Group.Current.Tree.Leaf(0)!.EncryptionKey);
        Refused.With(MlsErrorCode.DuplicateKey, group[1], g => g.PrepareCommit([MlsProposal.Add(stolen)]));
        Refused.With(MlsErrorCode.DuplicateKey, group[1], g => g.Process(Forge.Commit(group[0], [new AddProposal(stolen)])));
        var twice = joiner.Bundle().KeyPackage;
        Refused.With(MlsErrorCode.DuplicateKey, group[1], g => g.Process(Forge.Commit(group[0], [new AddProposal(twice), new AddProposal(twice)])));

        // A waiting Add of somebody who is a member already does not spoil the commits of others.
        group.Deliver(Forge.Proposal(group[0], new AddProposal(again)));
        group.Commit(1);
        Assert.Equal(3, group[0].Group.Members.Count);
    }

    [Fact]
    public void Capabilities_that_the_group_requires_are_required()
    {
        var required = new MlsRequiredCapabilities(extensions: [0xF001], credentials: [1]).ToExtension();
        var able = new MlsCapabilities(extensions: [0xF001, 0xF002]);
        using var group = TestGroup.Of(2, extensions: [required], capabilities: able);
        using var unable = new TestClient("unable");
        using var capable = new TestClient("capable", capabilities: able);
        var package = unable.Bundle().KeyPackage;
        Refused.With(MlsErrorCode.UnsupportedCapability, group[1], g => g.PrepareCommit([MlsProposal.Add(package)]));
        Refused.With(MlsErrorCode.UnsupportedCapability, group[1], g => g.Process(Forge.Commit(group[0], [new AddProposal(package)])));
        Refused.With(MlsErrorCode.UnsupportedCapability, group[1], g => g.PrepareCommit([MlsProposal.GroupContextExtensions([new MlsExtension(0xF003, [])])]));
        var more = new MlsRequiredCapabilities(proposals: [0xF0F0]).ToExtension();
        Refused.With(MlsErrorCode.UnsupportedCapability, group[1], g => g.PrepareCommit([MlsProposal.GroupContextExtensions([more])]));
        Refused.With(MlsErrorCode.InvalidExtension, group[1], g => g.PrepareCommit([MlsProposal.GroupContextExtensions([new MlsExtension(MlsExtensionType.RatchetTree, [])])]));
        Refused.With(MlsErrorCode.InvalidExtension, group[1], g => g.Propose(MlsProposal.GroupContextExtensions([required, required])));
        Refused.With(MlsErrorCode.Malformed, group[1], g => g.Propose(MlsProposal.GroupContextExtensions([new MlsExtension(MlsExtensionType.RequiredCapabilities, [9])])));
        Assert.Equal(MlsErrorCode.UnsupportedCapability, Assert.Throws<MlsException>(() => unable.PrepareExternal(group[0].Group.ExportGroupInfo())).Code);
        Assert.Equal(MlsErrorCode.UnsupportedCapability, Assert.Throws<MlsException>(() => unable.Create(extensions: [required])).Code);
        group.Add(capable);
        group.Commit(0, [MlsProposal.GroupContextExtensions([required, new MlsExtension(0xF002, [1])])]);
        Assert.Equal(2, group[1].Group.Extensions.Count);
        Assert.Equal(2, group[2].Group.Extensions.Count);

        // A credential that somebody cannot read.
        var x509 = new TestClient("x509");
        var certificate = Forge.KeyPackage(x509, credential: MlsCredential.X509([new byte[] { 1, 2 }]), capabilities: new MlsCapabilities(extensions: [0xF001, 0xF002], credentials: [2]));
        Refused.With(MlsErrorCode.UnsupportedCapability, group[1], g => g.PrepareCommit([MlsProposal.Add(certificate)]));
        x509.Dispose();
    }

    [Fact]
    public void Updates_are_verified()
    {
        using var group = TestGroup.Of(3);
        var old = group[0].Group.Current.Tree.Leaf(0)!;
        var fresh = Suite.GenerateKeyPair().PublicKey;
        void Check(MlsErrorCode code, LeafNode leaf) => Refused.With(code, group[1], g => g.Process(Forge.Proposal(group[0], new UpdateProposal(leaf))));

        Check(MlsErrorCode.InvalidLeafNode, Forge.Leaf(group[0], old, LeafNodeSource.Update));
        Check(MlsErrorCode.InvalidLeafNode, Forge.Leaf(group[0], old, LeafNodeSource.KeyPackage, encryptionKey: fresh));
        Check(MlsErrorCode.InvalidSignature, Forge.Leaf(group[0], old, LeafNodeSource.Update, encryptionKey: fresh, index: 2));
        Check(MlsErrorCode.CredentialRejected, Forge.Leaf(group[0], old, LeafNodeSource.Update, encryptionKey: fresh, credential: MlsCredential.Basic("me, but different"u8)));
        Check(MlsErrorCode.UnsupportedCapability, Forge.Leaf(group[0], old, LeafNodeSource.Update, encryptionKey: fresh, capabilities: new MlsCapabilities(cipherSuites: [3])));
        Check(MlsErrorCode.InvalidKey, Forge.Leaf(group[0], old, LeafNodeSource.Update, encryptionKey: new byte[5]));

        // By value an Update is always the committer's own.
        var update = new UpdateProposal(Forge.Leaf(group[0], old, LeafNodeSource.Update, encryptionKey: fresh));
        Refused.With(MlsErrorCode.InvalidCommit, group[1], g => g.Process(Forge.Commit(group[0], [update])));
    }

    [Fact]
    public void Lists_of_proposals_are_verified()
    {
        using var group = TestGroup.Of(4);
        void Check(MlsErrorCode code, params Proposal[] proposals) => Refused.With(code, group[1], g => g.Process(Forge.Commit(group[0], proposals)));
        PreSharedKeyProposal Psk(byte id) => new(PreSharedKeyId.External([id], new byte[32]));

        Check(MlsErrorCode.MissingPath);
        Check(MlsErrorCode.MissingPath, new RemoveProposal(2));
        Check(MlsErrorCode.MissingPath, new GroupContextExtensionsProposal([]));
        Check(MlsErrorCode.InvalidCommit, new RemoveProposal(0));
        Check(MlsErrorCode.InvalidCommit, new RemoveProposal(2), new RemoveProposal(2));
        Check(MlsErrorCode.InvalidProposal, new RemoveProposal(77));
        Check(MlsErrorCode.InvalidCommit, Psk(1), Psk(1));
        Check(MlsErrorCode.PskNotFound, Psk(1));
        Check(MlsErrorCode.InvalidProposal, new PreSharedKeyProposal(PreSharedKeyId.External([1], new byte[5])));
        Check(MlsErrorCode.InvalidProposal, new PreSharedKeyProposal(PreSharedKeyId.Resumption(ResumptionPskUsage.Branch, group[0].Group.GroupId.ToArray(), 1, new byte[32])));
        Check(MlsErrorCode.InvalidCommit, new GroupContextExtensionsProposal([]), new GroupContextExtensionsProposal([]));
        Check(MlsErrorCode.InvalidCommit, new ExternalInitProposal(new byte[32]));
        Check(MlsErrorCode.InvalidCommit, new ReInitProposal([1], 1, 1, []), Psk(1));
        Check(MlsErrorCode.InvalidProposal, new ReInitProposal([1], 0, 1, []));
        Refused.With(MlsErrorCode.UnknownProposal, group[1], g => g.Process(
            Forge.Public(group[0], Forge.Content(group[0], commit: new Commit([new ProposalOrRef(null, new byte[32])], null)))));
        var known = group[2].Group.Propose(MlsProposal.Remove(3));
        group[1].Group.Process(known);
        var reference = group[1].Group.PendingProposals[0].Reference.ToArray();
        Refused.With(MlsErrorCode.InvalidCommit, group[1], g => g.Process(
            Forge.Public(group[0], Forge.Content(group[0], commit: new Commit([new ProposalOrRef(null, reference), new ProposalOrRef(null, reference)], null)))));
        Refused.With(MlsErrorCode.GenerationReused, group[1], g => g.Process(known));
    }

    [Fact]
    public void Policy_and_validator_of_the_application_decide()
    {
        using var group = TestGroup.Of(3, configure: o => TestClient.Options(o.Signer, Suite, policy: new NoRemoves(), validator: new NotMallory()));
        Refused.With(MlsErrorCode.ProposalRefused, group[1], g => g.Process(Forge.Proposal(group[0], new RemoveProposal(2))));
        var commit = Forge.TrueCommit(group[0], MlsProposal.Remove(2));
        Refused.With(MlsErrorCode.ProposalRefused, group[1], g => g.Process(MlsMessage.Of(commit).Encode()));
        using var mallory = new TestClient("mallory");
        var package = mallory.Bundle().KeyPackage;
        Refused.With(MlsErrorCode.CredentialRejected, group[1], g => g.PrepareCommit([MlsProposal.Add(package)]));
        var add = Forge.TrueCommit(group[0], MlsProposal.Add(package));
        Refused.With(MlsErrorCode.CredentialRejected, group[1], g => g.Process(MlsMessage.Of(add).Encode()));
        var external = mallory.PrepareExternal(group[0].Group.ExportGroupInfo());
        Refused.With(MlsErrorCode.CredentialRejected, group[1], g => g.Process(external.Message.Span));
    }

    private sealed class NoRemoves : MlsGroupPolicy
    {
        public override bool IsAllowed(MlsGroup group, MlsProposal proposal) => proposal.Type != MlsProposalType.Remove;
    }

    private sealed class NotMallory : MlsCredentialValidator
    {
        public override bool IsValid(in MlsCredentialContext context) => !context.Credential.Identity.Span.SequenceEqual("mallory"u8);
    }
}
