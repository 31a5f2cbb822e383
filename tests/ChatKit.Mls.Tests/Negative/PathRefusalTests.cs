namespace ChatKit.Mls.Tests;

public sealed class PathRefusalTests
{
    private static readonly MlsCipherSuite Suite = MlsCipherSuite.Mls128DhKemX25519Aes128GcmSha256Ed25519;

    [Fact]
    public void A_path_is_verified()
    {
        using var group = TestGroup.Of(4);
        group.Commit(3);
        var commit = Forge.TrueCommit(group[0]);
        var path = commit.Content.Commit!.Path!;
        void Check(MlsErrorCode code, UpdatePath changed) => Refused.With(code, group[2], g => g.Process(
            Forge.Public(group[0], commit.Content with { Commit = commit.Content.Commit with { Path = changed } }, commit.ConfirmationTag)));

        var leaf = path.LeafNode;
        Check(MlsErrorCode.InvalidParentHash, path with { LeafNode = Forge.Leaf(group[0], leaf, LeafNodeSource.Commit, parentHash: Forge.Flip(leaf.ParentHash, 5)) });
        Check(MlsErrorCode.InvalidParentHash, path with { LeafNode = Forge.Leaf(group[0], leaf, LeafNodeSource.Commit, parentHash: []) });
        Check(MlsErrorCode.InvalidParentHash, path with { Nodes = [path.Nodes[0] with { EncryptionKey = Suite.GenerateKeyPair().PublicKey }, path.Nodes[1]] });
        Check(MlsErrorCode.InvalidLeafNode, path with { LeafNode = Forge.Leaf(group[0], leaf, LeafNodeSource.Update) });
        Check(MlsErrorCode.InvalidLeafNode, path with { LeafNode = Forge.Leaf(group[0], leaf, LeafNodeSource.Commit, encryptionKey: group[0].Group.Current.Tree.Leaf(0)!.EncryptionKey) });
        Check(MlsErrorCode.InvalidSignature, path with { LeafNode = Forge.Leaf(group[0], leaf, LeafNodeSource.Commit, index: 1) });
        Check(MlsErrorCode.CredentialRejected, path with { LeafNode = Forge.Leaf(group[0], leaf, LeafNodeSource.Commit, credential: MlsCredential.Basic("other"u8)) });
        Check(MlsErrorCode.InvalidCommit, path with { Nodes = [path.Nodes[0]] });
        Check(MlsErrorCode.InvalidCommit, path with { Nodes = [.. path.Nodes, path.Nodes[0]] });
        Check(MlsErrorCode.InvalidCommit, path with { Nodes = [path.Nodes[0], path.Nodes[1] with { EncryptedPathSecrets = [] }] });
        Check(MlsErrorCode.InvalidCommit, path with { Nodes = [path.Nodes[0], path.Nodes[1] with { EncryptedPathSecrets = [.. path.Nodes[1].EncryptedPathSecrets, path.Nodes[0].EncryptedPathSecrets[0]] }] });
        Check(MlsErrorCode.InvalidKey, path with { Nodes = [path.Nodes[0], path.Nodes[1] with { EncryptionKey = new byte[31] }] });
        var secret = path.Nodes[1].EncryptedPathSecrets[0];
        Check(MlsErrorCode.DecryptionFailed, WithSecret(path, secret with { Ciphertext = Forge.Flip(secret.Ciphertext, 0) }));
        Check(MlsErrorCode.DecryptionFailed, WithSecret(path, secret with { KemOutput = new byte[32] }));
        Check(MlsErrorCode.DecryptionFailed, WithSecret(path, secret with { KemOutput = [1] }));
        Check(MlsErrorCode.DecryptionFailed, WithSecret(path, secret with { Ciphertext = [1] }));
    }

    [Fact]
    public void A_path_secret_that_does_not_fit_its_public_key_or_length_is_refused()
    {
        using var group = TestGroup.Of(4);
        group.Commit(3);
        var tree = group[0].Group.Current.Tree.Clone();
        var old = tree.Leaf(0)!;
        var context = group[0].Group.Current.Context with { Epoch = group[0].Group.Epoch + 1 };
        using var path = OwnPath.Create(Suite, tree, 0, context, new HashSet<uint>(), (key, hash) => Forge.Leaf(group[0], old, LeafNodeSource.Commit, parentHash: hash, encryptionKey: key));
        var recipient = tree.Resolution(5)[0];
        foreach (var length in new[] { 32, 31 })
        {
            var secret = Suite.EncryptWithLabel(tree[recipient]!.EncryptionKey, "UpdatePathNode"u8, MlsCodec.Encode(path.Context), new byte[length]);
            var changed = WithSecret(path.Update, secret);
            Refused.With(MlsErrorCode.InvalidCommit, group[2], g => g.Process(Forge.Commit(group[0], [], changed)));
        }
    }

    [Fact]
    public void A_path_may_not_bring_a_key_twice()
    {
        using var group = TestGroup.Of(4);
        group.Commit(3);
        foreach (var stolen in new[] { group[2].Group.Current.Tree.Leaf(2)!.EncryptionKey, group[2].Group.Current.Tree.Leaf(1)!.EncryptionKey })
        {
            var tree = group[0].Group.Current.Tree.Clone();
            var old = tree.Leaf(0)!;
            var context = group[0].Group.Current.Context with { Epoch = group[0].Group.Epoch + 1 };
            using var path = OwnPath.Create(Suite, tree, 0, context, new HashSet<uint>(), (_, hash) => Forge.Leaf(group[0], old, LeafNodeSource.Commit, parentHash: hash, encryptionKey: stolen));
            Refused.With(MlsErrorCode.DuplicateKey, group[2], g => g.Process(Forge.Commit(group[0], [], path.Update)));
        }
    }

    [Fact]
    public void External_commits_are_verified()
    {
        using var group = TestGroup.Of(3);
        using var joiner = new TestClient("joiner");
        var commit = MlsMessage.Decode(joiner.PrepareExternal(group[0].Group.ExportGroupInfo()).Message.Span).PublicMessage!;
        void Check(MlsErrorCode code, Commit changed)
        {
            var content = commit.Content with { Commit = changed };
            var signed = AuthenticatedContent.Sign(joiner.Signer, MlsWireFormat.PublicMessage, content, group[0].Group.Current.Context);
            Refused.With(code, group[1], g => g.Process(MlsMessage.Of(new PublicMessage(content, signed.Signature, commit.ConfirmationTag, null)).Encode()));
        }

        var original = commit.Content.Commit!;
        ProposalOrRef By(Proposal proposal) => new(proposal, null);
        Check(MlsErrorCode.InvalidCommit, original with { Proposals = [] });
        Check(MlsErrorCode.InvalidCommit, original with { Proposals = [original.Proposals[0], original.Proposals[0]] });
        Check(MlsErrorCode.InvalidCommit, original with { Proposals = [original.Proposals[0], By(new AddProposal(joiner.Bundle().KeyPackage))] });
        Check(MlsErrorCode.InvalidCommit, original with { Proposals = [original.Proposals[0], By(new RemoveProposal(2))] });
        Check(MlsErrorCode.InvalidCommit, original with { Proposals = [original.Proposals[0], By(new RemoveProposal(1))] });
        Check(MlsErrorCode.InvalidCommit, original with { Proposals = [original.Proposals[0], By(new GroupContextExtensionsProposal([]))] });
        Check(MlsErrorCode.MissingPath, original with { Path = null });
        Check(MlsErrorCode.InvalidConfirmationTag, original with { Proposals = [By(new ExternalInitProposal(Suite.GenerateKeyPair().PublicKey))] });
        Check(MlsErrorCode.DecryptionFailed, original with { Proposals = [By(new ExternalInitProposal(new byte[32]))] });
    }

    [Fact]
    public void An_impostor_cannot_put_a_member_out_by_an_external_commit()
    {
        using var group = TestGroup.Of(3);
        using var impostor = new TestClient(group[1].Name);
        var commit = impostor.PrepareExternal(group[0].Group.ExportGroupInfo(), new MlsExternalJoinOptions { ReplacedLeafIndex = 1 });
        var careful = TestClient.Options(group[1].Signer, Suite, validator: new KnownKeys(group[0].Signer, group[1].Signer, group[2].Signer));
        group[1].Reload(careful);
        Refused.With(MlsErrorCode.CredentialRejected, group[1], g => g.Process(commit.Message.Span));
        commit.Dispose();
        Assert.Throws<ObjectDisposedException>(() => commit.Complete());
        Assert.Empty(impostor.Store.Records);
    }

    private static UpdatePath WithSecret(UpdatePath path, HpkeCiphertext secret) =>
        path with { Nodes = [path.Nodes[0], path.Nodes[1] with { EncryptedPathSecrets = [secret, .. path.Nodes[1].EncryptedPathSecrets[1..]] }] };

    private sealed class KnownKeys(params MlsSigner[] signers) : MlsCredentialValidator
    {
        public override bool IsValid(in MlsCredentialContext context)
        {
            foreach (var signer in signers)
            {
                if (signer.PublicKey.Span.SequenceEqual(context.SignatureKey.Span))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
