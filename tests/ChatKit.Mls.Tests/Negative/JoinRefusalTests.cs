namespace ChatKit.Mls.Tests;

public sealed class JoinRefusalTests
{
    private static readonly MlsCipherSuite Suite = MlsCipherSuite.Mls128DhKemX25519Aes128GcmSha256Ed25519;

    [Fact]
    public void Every_flipped_byte_of_a_welcome_or_a_group_info_is_refused()
    {
        using var group = TestGroup.Of(2);
        using var joiner = new TestClient("joiner");
        var bundle = joiner.Bundle();
        var welcome = group[0].Group.PrepareCommit([MlsProposal.Add(bundle.KeyPackage)]).Welcome!.Value.ToArray();
        for (var i = 0; i < welcome.Length; i++)
        {
            var changed = Forge.Flip(welcome, i, (byte)(1 << (i % 8)));
            Assert.Throws<MlsException>(() => joiner.Join(changed, bundle));
            Assert.Empty(joiner.Store.Records);
        }

        joiner.Join(welcome, bundle);
        var groupInfo = group[0].Group.ExportGroupInfo();
        for (var i = 0; i < groupInfo.Length; i++)
        {
            var changed = Forge.Flip(groupInfo, i, (byte)(1 << (i % 8)));
            Assert.Throws<MlsException>(() => joiner.PrepareExternal(changed));
        }
    }

    [Fact]
    public void A_received_tree_is_verified()
    {
        using var group = TestGroup.Of(6);
        group.Commit(3);
        group.Commit(5);
        group.Commit(0, [MlsProposal.Remove(4)]);
        group.Add(1, new TestClient("newcomer"));
        var tree = group[0].Group.Current.Tree;
        using var joiner = new TestClient("joiner");
        void Check(MlsErrorCode code, Action<RatchetTree> change, bool keepHash = false, Func<GroupContext, GroupContext>? context = null, MlsSigner? key = null)
        {
            var changed = tree.Clone();
            change(changed);
            var info = Forge.GroupInfo(group[0], changed, keepHash ? tree.TreeHash() : null, context, key);
            var error = Assert.Throws<MlsException>(() => joiner.PrepareExternal(info));
            Assert.True(code == error.Code, $"Expected {code}, got {error.Code}: {error.Message}");
            Assert.Empty(joiner.Store.Records);
        }

        joiner.PrepareExternal(Forge.GroupInfo(group[0], tree)).Dispose();
        ParentNode Parent(int node) => (ParentNode)tree[node]!;
        var parents = Enumerable.Range(0, tree.NodeCount).Where(n => tree[n] is ParentNode).ToList();
        var inner = parents.First(n => n != tree.Root);
        var other = Suite.GenerateKeyPair().PublicKey;
        Check(MlsErrorCode.InvalidTreeHash, t => t.SetParent(inner, new ParentNode(other, Parent(inner).ParentHash, Parent(inner).UnmergedLeaves)), keepHash: true);
        Check(MlsErrorCode.InvalidTreeHash, _ => { }, context: c => c with { TreeHash = new byte[32] });
        Check(MlsErrorCode.InvalidParentHash, t => t.SetParent(inner, new ParentNode(other, Parent(inner).ParentHash, Parent(inner).UnmergedLeaves)));
        Check(MlsErrorCode.InvalidParentHash, t => t.SetParent(inner, new ParentNode(Parent(inner).EncryptionKey, Forge.Flip(new byte[32], 1), Parent(inner).UnmergedLeaves)));
        Check(MlsErrorCode.InvalidUnmergedLeaves, t => t.SetParent(t.Root, new ParentNode(Parent(t.Root).EncryptionKey, Parent(t.Root).ParentHash, [77])));
        Check(MlsErrorCode.InvalidUnmergedLeaves, t => t.SetParent(t.Root, new ParentNode(Parent(t.Root).EncryptionKey, Parent(t.Root).ParentHash, [7])));
        Check(MlsErrorCode.InvalidUnmergedLeaves, t => t.SetParent(t.Root, new ParentNode(Parent(t.Root).EncryptionKey, Parent(t.Root).ParentHash, [3, 2])));
        Check(MlsErrorCode.InvalidUnmergedLeaves, t => t.SetParent(t.Root, new ParentNode(Parent(t.Root).EncryptionKey, Parent(t.Root).ParentHash, [2, 2])));
        var outside = Enumerable.Range(0, tree.LeafCount).First(l => tree.Leaf((uint)l) is not null && !TreeMath.IsInSubtree(2 * l, inner));
        Check(MlsErrorCode.InvalidUnmergedLeaves, t => t.SetParent(inner, new ParentNode(Parent(inner).EncryptionKey, Parent(inner).ParentHash, [(uint)outside])));
        var below = Enumerable.Range(0, tree.LeafCount).First(l => tree.Leaf((uint)l) is not null && TreeMath.IsInSubtree(2 * l, inner));
        Check(MlsErrorCode.InvalidUnmergedLeaves, t => t.SetParent(t.Root, new ParentNode(Parent(t.Root).EncryptionKey, Parent(t.Root).ParentHash, [(uint)below])));
        Check(MlsErrorCode.DuplicateKey, t => t.SetParent(inner, new ParentNode(Parent(t.Root).EncryptionKey, Parent(inner).ParentHash, Parent(inner).UnmergedLeaves)));
        Check(MlsErrorCode.InvalidKey, t => t.SetParent(inner, new ParentNode([1], Parent(inner).ParentHash, Parent(inner).UnmergedLeaves)));
        Check(MlsErrorCode.InvalidSignature, _ => { }, key: joiner.Signer);
        Check(MlsErrorCode.UnsupportedVersion, _ => { }, context: c => c with { Version = 2 });
        Check(MlsErrorCode.UnsupportedCipherSuite, _ => { }, context: c => c with { CipherSuite = 2 });
        Check(MlsErrorCode.InvalidExtension, _ => { }, context: c => c with { Extensions = [new MlsExtension(MlsExtensionType.ExternalPub, [])] });

        // Leaves: a key taken twice, a signature that does not verify, a credential that was changed.
        var blank = Enumerable.Range(0, tree.LeafCount).FirstOrDefault(l => tree.Leaf((uint)l) is null, -1);
        Assert.True(blank >= 0);
        var one = tree.Leaf(1)!;
        void Put(RatchetTree t, LeafNode leaf)
        {
            // Without parents, so that no parent hash stands in front of what is meant.
            foreach (var (index, _) in t.Leaves().ToList())
            {
                t.BlankPath(index);
            }

            t.SetLeaf((uint)blank, leaf);
        }

        Check(MlsErrorCode.DuplicateKey, t => Put(t, Forge.Leaf(group[2], tree.Leaf(2)!, LeafNodeSource.Update, encryptionKey: other, index: (uint)blank)));
        Check(MlsErrorCode.DuplicateKey, t => Put(t, Forge.Leaf(group[2], tree.Leaf(2)!, LeafNodeSource.Update, index: (uint)blank)));
        Check(MlsErrorCode.InvalidSignature, t => Put(t, Forge.Leaf(Newcomer.Value, one, LeafNodeSource.Update, encryptionKey: other, index: 0)));
        Check(MlsErrorCode.InvalidLeafNode, t => Put(t, Forge.Leaf(Newcomer.Value, one, LeafNodeSource.Update, encryptionKey: other, index: (uint)blank, extensions: [new MlsExtension(0xF00F, [])])));
    }

    [Fact]
    public void The_shape_of_a_tree_is_verified()
    {
        using var group = TestGroup.Of(3);
        byte[] Encode(params TreeNode?[] nodes)
        {
            using var writer = new MlsWriter();
            var start = writer.BeginVector();
            foreach (var node in nodes)
            {
                writer.WriteOptional(node is not null);
                if (node is not null)
                {
                    RatchetTree.WriteNode(writer, node);
                }
            }

            writer.EndVector(start);
            return writer.ToArray();
        }

        var leaf = group[0].Group.Current.Tree.Leaf(0)!;
        var parent = new ParentNode(new byte[32], [], []);
        MlsErrorCode Code(byte[] tree) => Assert.Throws<MlsException>(() => RatchetTree.Decode(Suite, tree)).Code;
        Assert.Equal(MlsErrorCode.InvalidTree, Code(Encode()));
        Assert.Equal(MlsErrorCode.InvalidTree, Code(Encode(leaf, null)));
        Assert.Equal(MlsErrorCode.InvalidTree, Code(Encode(leaf, parent)));
        Assert.Equal(MlsErrorCode.InvalidTree, Code(Encode(leaf, leaf)));
        Assert.Equal(MlsErrorCode.InvalidTree, Code(Encode(parent)));
        Assert.Equal(MlsErrorCode.Malformed, Code([2, 1, 9]));
        Assert.Equal(MlsErrorCode.Malformed, Code([1, 7]));
        Assert.Equal(MlsErrorCode.InvalidTree, Assert.Throws<MlsException>(() => new RatchetTree(Suite, [null, parent, null]).ValidateStructure()).Code);
    }

    [Fact]
    public void A_welcome_is_verified()
    {
        using var group = TestGroup.Of(3);
        using var joiner = new TestClient("joiner");
        var bundle = joiner.Bundle();
        var pending = group[0].Group.PrepareCommit([MlsProposal.Add(bundle.KeyPackage)]);
        var welcome = pending.Welcome!.Value.ToArray();
        void Check(MlsErrorCode code, Func<GroupInfo, GroupInfo> change, Func<GroupSecrets, GroupSecrets>? secrets = null, MlsJoinOptions? join = null)
        {
            var changed = Forge.Welcome(group[0], welcome, bundle, change, secrets);
            var error = Assert.Throws<MlsException>(() => joiner.Join(changed, bundle, join));
            Assert.True(code == error.Code, $"Expected {code}, got {error.Code}: {error.Message}");
            Assert.Empty(joiner.Store.Records);
        }

        Check(MlsErrorCode.InvalidConfirmationTag, i => i with { ConfirmationTag = Forge.Flip(i.ConfirmationTag, 0) });
        Check(MlsErrorCode.InvalidGroupInfo, i => i with { Signer = 99 });
        Check(MlsErrorCode.InvalidSignature, i => i with { Signer = 1 });
        Check(MlsErrorCode.InvalidGroupInfo, i => i with { Context = i.Context with { CipherSuite = 3 } });
        Check(MlsErrorCode.InvalidConfirmationTag, i => i with { Context = i.Context with { Epoch = 99 } });
        Check(MlsErrorCode.InvalidExtension, i => i with { Extensions = [.. i.Extensions, .. i.Extensions] });
        Check(MlsErrorCode.InvalidGroupInfo, i => i, s => s with { PathSecret = Forge.Flip(s.PathSecret!, 0) });
        Check(MlsErrorCode.InvalidGroupInfo, i => i, s => s with { PathSecret = [1, 2] });
        Check(MlsErrorCode.DecryptionFailed, i => i, s => s with { JoinerSecret = Forge.Flip(s.JoinerSecret, 0) });
        Check(MlsErrorCode.PskNotFound, i => i, s => s with { Psks = [PreSharedKeyId.External([1], new byte[32])] });
        Check(MlsErrorCode.InvalidProposal, i => i, s => s with { Psks = [PreSharedKeyId.External([1], new byte[32]), PreSharedKeyId.External([1], new byte[32])] });
        Check(MlsErrorCode.ResumptionMismatch, i => i, join: new MlsJoinOptions { ResumedFrom = group[1].Group });

        // A tree without the joiner, from a member that signed it so.
        var without = pending.Next.Tree.Clone();
        without.Remove(3);
        Check(MlsErrorCode.InvalidTree, i => i with
        {
            Context = i.Context with { TreeHash = without.TreeHash() },
            Extensions = [new MlsExtension(MlsExtensionType.RatchetTree, without.Encode())],
        });

        using var other = new TestClient("other");
        Assert.Equal(MlsErrorCode.WelcomeNotForKeyPackage, Assert.Throws<MlsException>(() => other.Join(welcome, other.Bundle())).Code);
        using var chacha = new TestClient("chacha", MlsCipherSuite.Mls128DhKemX25519ChaCha20Poly1305Sha256Ed25519);
        Assert.Equal(MlsErrorCode.WelcomeNotForKeyPackage, Assert.Throws<MlsException>(() => chacha.Join(welcome, chacha.Bundle())).Code);
        Assert.Equal(MlsErrorCode.WrongWireFormat, Assert.Throws<MlsException>(() => joiner.Join(pending.Message, bundle)).Code);
        joiner.Join(welcome, bundle);
    }

    [Fact]
    public void Lifetimes_count_on_joining_if_the_options_say_so()
    {
        var time = new FixedTime(TimeProvider.System.GetUtcNow());
        using var group = TestGroup.Of(2, configure: o => TestClient.Options(o.Signer, Suite, time: time));
        using var joiner = new TestClient("joiner");
        time.Now = time.Now.AddDays(400);
        var info = group[0].Group.ExportGroupInfo();
        MlsExternalCommit Join(bool check) => MlsGroup.PrepareExternalCommit(
            info, joiner.Credential,
            new MlsGroupOptions { Signer = joiner.Signer, CredentialValidator = new AcceptAll(), TimeProvider = time, CheckLifetimesOnJoin = check }, new MlsMemoryGroupStore());
        Assert.Equal(MlsErrorCode.LifetimeInvalid, Assert.Throws<MlsException>(() => Join(true)).Code);
        Join(false).Dispose();
        Assert.Equal(MlsErrorCode.LifetimeInvalid, Assert.Throws<MlsException>(() => group[0].Group.PrepareCommit([MlsProposal.Add(joiner.Bundle().KeyPackage)])).Code);
    }

    [Fact]
    public void A_missing_algorithm_of_the_platform_is_named()
    {
        var suite = new MlsCipherSuite(0xF0F0, "SUITE_WITHOUT_AEAD", MlsCipherSuite.DhKemX25519, new MissingAead(), System.Security.Cryptography.HashAlgorithmName.SHA256, MlsCipherSuite.Ed25519);
        using var signer = Ed25519Signer.Generate();
        var error = Assert.Throws<MlsException>(() => MlsKeyPackageBundle.Create(suite, signer, MlsCredential.Basic("a"u8)));
        Assert.Equal(MlsErrorCode.UnsupportedPlatform, error.Code);
        Assert.Contains("SUITE_WITHOUT_AEAD", error.Message, StringComparison.Ordinal);
    }

    private static readonly Lazy<TestClient> Newcomer = new(() =>
    {
        var client = new TestClient("client 1");
        client.Create();
        return client;
    });

    private sealed class MissingAead : MlsAead
    {
        public override ushort Id => 0xFFFE;

        public override int KeyLength => 16;

        public override int NonceLength => 12;

        public override int TagLength => 16;

        public override bool IsSupported => false;

        public override void Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext) =>
            throw new PlatformNotSupportedException();

        public override bool TryOpen(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext) =>
            throw new PlatformNotSupportedException();
    }
}
