namespace ChatKit.Mls.Tests;

/// <summary>A member that breaks the rules: it signs and tags whatever it likes with its true keys.</summary>
internal static class Forge
{
    public static byte[] Flip(byte[] data, int index, byte mask = 1)
    {
        var copy = data.ToArray();
        copy[index] ^= mask;
        return copy;
    }

    /// <summary>A PublicMessage of a member with right signature and membership tag over any content.</summary>
    public static byte[] Public(TestClient sender, FramedContent content, byte[]? confirmationTag = null, MlsSigner? signer = null)
    {
        var context = sender.Group.Current.Context;
        var signed = AuthenticatedContent.Sign(signer ?? sender.Signer, MlsWireFormat.PublicMessage, content, context);
        if (content.ContentType == ContentType.Commit)
        {
            signed = signed with { ConfirmationTag = confirmationTag ?? new byte[32] };
        }

        var tag = content.Sender.Type == MlsSenderType.Member ? signed.MembershipTag(sender.Suite, sender.Group.Current.Secrets.MembershipKey, context) : null;
        return MlsMessage.Of(new PublicMessage(content, signed.Signature, signed.ConfirmationTag, tag)).Encode();
    }

    public static FramedContent Content(TestClient sender, Proposal? proposal = null, Commit? commit = null, byte[]? application = null, Sender? from = null) => new(
        sender.Group.Current.Context.GroupId, sender.Group.Epoch, from ?? Sender.Member((uint)sender.Group.OwnLeafIndex), [],
        proposal is not null ? ContentType.Proposal : commit is not null ? ContentType.Commit : ContentType.Application, application, proposal, commit);

    public static byte[] Proposal(TestClient sender, Proposal proposal, Sender? from = null, MlsSigner? signer = null) =>
        Public(sender, Content(sender, proposal: proposal, from: from), signer: signer);

    /// <summary>A commit of a member over proposals by value, with the path of a true commit or none.</summary>
    public static byte[] Commit(TestClient sender, IEnumerable<Proposal> proposals, UpdatePath? path = null) =>
        Public(sender, Content(sender, commit: new Commit([.. proposals.Select(p => new ProposalOrRef(p, null))], path)));

    /// <summary>A true commit of a member as the other members get it, and its parts.</summary>
    public static PublicMessage TrueCommit(TestClient sender, params MlsProposal[] proposals)
    {
        using var copy = MlsGroup.Load(
            sender.Store.Records, TestClient.Options(sender.Signer, sender.Suite, publicHandshake: true), new MlsMemoryGroupStore());
        return MlsMessage.Decode(copy.PrepareCommit(proposals).Message.Span).PublicMessage!;
    }

    /// <summary>A GroupInfo of a member over a tree of its choice; the tree hash is right unless one is given.</summary>
    public static byte[] GroupInfo(TestClient signer, RatchetTree tree, byte[]? treeHash = null, Func<GroupContext, GroupContext>? change = null, MlsSigner? key = null)
    {
        var original = MlsMessage.Decode(signer.Group.ExportGroupInfo()).GroupInfo!;
        var context = original.Context with { TreeHash = treeHash ?? tree.TreeHash() };
        context = change?.Invoke(context) ?? context;
        MlsExtension[] extensions = [.. original.Extensions.Where(e => e.Type != MlsExtensionType.RatchetTree), new MlsExtension(MlsExtensionType.RatchetTree, tree.Encode())];
        return MlsMessage.Of(ChatKit.Mls.GroupInfo.Create(context, extensions, original.ConfirmationTag, original.Signer, key ?? signer.Signer)).Encode();
    }

    /// <summary>A Welcome whose GroupInfo or secrets were changed and encrypted again; the adder signs it with its true key.</summary>
    public static byte[] Welcome(
        TestClient adder, byte[] welcome, MlsKeyPackageBundle bundle, Func<GroupInfo, GroupInfo> change, Func<GroupSecrets, GroupSecrets>? changeSecrets = null)
    {
        var suite = adder.Suite;
        var original = MlsMessage.Decode(welcome).Welcome!;
        var secrets = WelcomeFactory.OpenSecrets(suite, original, bundle);
        var info = WelcomeFactory.OpenGroupInfo(suite, original, secrets.JoinerSecret, new byte[32]);
        var changed = change(info);
        changed = ReferenceEquals(changed, info) ? info : ChatKit.Mls.GroupInfo.Create(changed.Context, changed.Extensions, changed.ConfirmationTag, changed.Signer, adder.Signer);
        var (key, nonce) = KeySchedule.WelcomeKey(suite, KeySchedule.WelcomeSecret(suite, secrets.JoinerSecret, new byte[32]));
        var plaintext = MlsCodec.Encode(changed);
        var encrypted = new byte[plaintext.Length + suite.Aead.TagLength];
        suite.Aead.Seal(key, nonce, [], plaintext, encrypted);
        var forSecrets = MlsCodec.Encode(changeSecrets?.Invoke(secrets) ?? secrets);
        var entry = new EncryptedGroupSecrets(
            bundle.KeyPackage.ComputeReference(suite), suite.EncryptWithLabel(bundle.KeyPackage.InitKey, "Welcome"u8, encrypted, forSecrets));
        return MlsMessage.Of(new Welcome(suite.Id, [entry], encrypted)).Encode();
    }

    /// <summary>A leaf with some parts replaced, signed with the true key.</summary>
    public static LeafNode Leaf(
        TestClient client, LeafNode old, LeafNodeSource source, byte[]? parentHash = null, byte[]? encryptionKey = null, MlsSigner? signer = null,
        MlsCapabilities? capabilities = null, MlsExtension[]? extensions = null, MlsCredential? credential = null, MlsLifetime? lifetime = null, uint? index = null) => LeafNode.Create(
            signer ?? client.Signer, encryptionKey ?? old.EncryptionKey, credential ?? old.Credential, capabilities ?? old.Capabilities, source, lifetime ?? old.Lifetime,
            parentHash ?? old.ParentHash, extensions ?? old.Extensions, client.Group.Current.Context.GroupId, index ?? (uint)client.Group.OwnLeafIndex);

    /// <summary>A key package with a leaf of any kind, signed with the true key.</summary>
    public static MlsKeyPackage KeyPackage(
        TestClient client, MlsLifetime? lifetime = null, MlsCapabilities? capabilities = null, MlsExtension[]? leafExtensions = null, MlsCredential? credential = null,
        byte[]? encryptionKey = null, byte[]? initKey = null, LeafNodeSource source = LeafNodeSource.KeyPackage, MlsSigner? packageSigner = null, MlsCipherSuite? suite = null)
    {
        var leaf = LeafNode.Create(
            client.Signer, encryptionKey ?? client.Suite.GenerateKeyPair().PublicKey, credential ?? client.Credential, capabilities ?? new MlsCapabilities(), source,
            lifetime ?? new MlsLifetime(0, ulong.MaxValue), [], leafExtensions ?? [], [], 0);
        return MlsKeyPackage.Create(suite ?? client.Suite, packageSigner ?? client.Signer, initKey ?? client.Suite.GenerateKeyPair().PublicKey, leaf, []);
    }
}
