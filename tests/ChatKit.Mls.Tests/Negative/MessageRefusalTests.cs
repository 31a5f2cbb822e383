using System.Text;

namespace ChatKit.Mls.Tests;

public sealed class MessageRefusalTests
{
    private static readonly MlsCipherSuite Suite = MlsCipherSuite.Mls128DhKemX25519Aes128GcmSha256Ed25519;

    [Fact]
    public void Every_flipped_byte_of_an_encrypted_message_is_refused()
    {
        using var group = TestGroup.Of(3);
        var message = group[0].Send("hello");
        for (var i = 0; i < message.Length; i++)
        {
            AssertRefused(group[1], Forge.Flip(message, i, (byte)(1 << (i % 8))));
        }

        Assert.Equal("hello", group[1].Read(message));
    }

    [Fact]
    public void Every_flipped_byte_of_a_commit_is_refused_whether_public_or_private()
    {
        foreach (var open in new[] { true, false })
        {
            using var group = TestGroup.Of(3, configure: o => TestClient.Options(o.Signer, Suite, publicHandshake: open));
            var message = group[0].Group.PrepareCommit().Message.ToArray();
            for (var i = 0; i < message.Length; i++)
            {
                AssertRefused(group[1], Forge.Flip(message, i, (byte)(1 << (i % 8))));
            }

            group.Deliver(message, group[0]);
            group[0].Group.MergePendingCommit();
            group.AssertAgree();
        }
    }

    [Fact]
    public void Every_truncation_and_any_trailing_byte_is_refused()
    {
        using var group = TestGroup.Of(2);
        var message = group[0].Send("hello");
        for (var i = 0; i < message.Length; i++)
        {
            var length = i;
            Refused.With(MlsErrorCode.Malformed, group[1], g => g.Process(message.AsSpan(0, length)));
        }

        Refused.With(MlsErrorCode.Malformed, group[1], g => g.Process([.. message, 0]));
        var commit = Forge.TrueCommit(group[0]);
        Refused.With(MlsErrorCode.Malformed, group[1], g => g.Process([.. MlsMessage.Of(commit).Encode(), 0]));
    }

    [Fact]
    public void Tags_and_signatures_are_checked()
    {
        using var group = TestGroup.Of(3);
        var commit = Forge.TrueCommit(group[0]);
        Refused.With(MlsErrorCode.InvalidMembershipTag, group[1], g => g.Process(MlsMessage.Of(commit with { MembershipTag = Forge.Flip(commit.MembershipTag!, 3) }).Encode()));
        Refused.With(MlsErrorCode.InvalidMembershipTag, group[1], g => g.Process(MlsMessage.Of(commit with { MembershipTag = [] }).Encode()));

        // Everything right but the confirmation tag, which the signature does not cover: the member tags it anew.
        var wrong = Forge.Flip(commit.ConfirmationTag!, 0);
        Refused.With(MlsErrorCode.InvalidConfirmationTag, group[1], g => g.Process(Forge.Public(group[0], commit.Content, wrong)));
        Refused.With(MlsErrorCode.InvalidConfirmationTag, group[1], g => g.Process(Forge.Public(group[0], commit.Content, [])));

        // The signature of somebody else under a right membership tag.
        Refused.With(MlsErrorCode.InvalidSignature, group[1], g => g.Process(Forge.Public(group[0], commit.Content, commit.ConfirmationTag, group[2].Signer)));
        Refused.With(MlsErrorCode.InvalidSignature, group[1], g => g.Process(Forge.Proposal(group[0], new RemoveProposal(2), Sender.Member(2))));
        group[1].Group.Process(MlsMessage.Of(commit).Encode());
    }

    [Fact]
    public void An_encrypted_message_with_a_false_signature_or_padding_is_refused()
    {
        using var group = TestGroup.Of(3);
        var current = group[0].Group.Current;
        byte[] Encrypt(MlsSigner signer, bool padding, uint leaf, ContentType type = ContentType.Application)
        {
            var content = Forge.Content(group[0], application: "x"u8.ToArray(), from: Sender.Member(leaf)) with { ContentType = type };
            var signed = AuthenticatedContent.Sign(signer, MlsWireFormat.PrivateMessage, content, current.Context);
            using var tree = new SecretTree(Suite, current.Tree.LeafCount, current.SecretTree.Nodes.ToDictionary(n => n.Key, n => n.Value.ToArray()), []);
            var step = tree.Take(leaf, RatchetKind.Application, 0, 0, 0);
            using var plaintext = new MlsWriter();
            content.WriteBody(plaintext);
            signed.WriteAuthData(plaintext);
            plaintext.WriteBytes(padding ? [0, 0, 7] : [0, 0, 0]);
            using var aad = new MlsWriter();
            aad.WriteOpaque(content.GroupId);
            aad.WriteUInt64(content.Epoch);
            aad.WriteUInt8((byte)type);
            aad.WriteOpaque([]);
            var ciphertext = new byte[plaintext.Length + 16];
            Suite.Aead.Seal(step.Key.Key, step.Key.Nonce, aad.Written, plaintext.Written, ciphertext);
            var senderData = new SenderData(leaf, 0, 0).Encrypt(Suite, current.Secrets.SenderDataSecret, content.GroupId, content.Epoch, type, ciphertext);
            return MlsMessage.Of(new PrivateMessage(content.GroupId, content.Epoch, type, [], senderData, ciphertext)).Encode();
        }

        Refused.With(MlsErrorCode.InvalidSignature, group[1], g => g.Process(Encrypt(group[2].Signer, false, 0)));
        Refused.With(MlsErrorCode.Malformed, group[1], g => g.Process(Encrypt(group[0].Signer, true, 0)));
        Refused.With(MlsErrorCode.UnknownSender, group[1], g => g.Process(Encrypt(group[0].Signer, false, 3)));
        Assert.Equal("x"u8, Assert.IsType<MlsApplicationMessage>(group[1].Group.Process(Encrypt(group[0].Signer, false, 0))).Content.Span);
    }

    [Fact]
    public void Other_groups_epochs_wire_formats_and_own_messages_are_refused()
    {
        using var group = TestGroup.Of(3);
        using var other = TestGroup.Of(2);
        using var foreign = new TestClient("foreign");
        foreign.Create("another");
        Refused.With(MlsErrorCode.WrongGroup, group[1], g => g.Process(foreign.Send("x")));
        Refused.With(MlsErrorCode.DecryptionFailed, group[1], g => g.Process(other[0].Send("x")));
        Refused.With(MlsErrorCode.WrongWireFormat, group[1], g => g.Process(group[0].Group.ExportGroupInfo()));
        Refused.With(MlsErrorCode.WrongWireFormat, group[1], g => g.Process(Forge.Public(group[0], Forge.Content(group[0], application: [1]))));
        var sent = group[0].Send("x");
        Refused.With(MlsErrorCode.OwnMessage, group[0], g => g.Process(sent));
        Refused.With(MlsErrorCode.UnsupportedVersion, group[1], g => g.Process([0, 2, 0, 1]));
        Refused.With(MlsErrorCode.Malformed, group[1], g => g.Process([0, 1, 0, 9]));
        var future = Forge.Content(group[0], proposal: new RemoveProposal(2)) with { Epoch = 9 };
        Refused.With(MlsErrorCode.WrongEpoch, group[1], g => g.Process(Forge.Public(group[0], future)));
        var old = Forge.TrueCommit(group[2]);
        var own = Forge.TrueCommit(group[1]);
        Refused.With(MlsErrorCode.OwnMessage, group[1], g => g.Process(MlsMessage.Of(own).Encode()));
        var oldPrivate = group[0].Group.PrepareCommit().Message.ToArray();
        group[0].Group.DropPendingCommit();
        group.Commit(2);
        Refused.With(MlsErrorCode.WrongEpoch, group[1], g => g.Process(MlsMessage.Of(old).Encode()));
        Refused.With(MlsErrorCode.WrongEpoch, group[1], g => g.Process(oldPrivate));
    }

    [Fact]
    public void Wrong_types_of_senders_are_refused()
    {
        using var server = Ed25519Signer.Generate();
        using var group = TestGroup.Of(3, extensions: [MlsExternalSender.ToExtension([new MlsExternalSender(server.PublicKey.Span, MlsCredential.Basic("s"u8))])]);
        using var stranger = new TestClient("stranger");
        var outside = new Sender(MlsSenderType.External, 0);
        var leaf = group[0].Group.Current.Tree.Leaf(0)!;
        Refused.With(MlsErrorCode.WrongSenderType, group[1], g => g.Process(Forge.Proposal(group[0], new UpdateProposal(leaf), outside, server)));
        Refused.With(MlsErrorCode.WrongSenderType, group[1], g => g.Process(Forge.Proposal(group[0], new ExternalInitProposal(new byte[32]), outside, server)));
        Refused.With(MlsErrorCode.WrongSenderType, group[1], g => g.Process(Forge.Public(group[0], Forge.Content(group[0], commit: new Commit([], null), from: outside), signer: server)));
        Refused.With(MlsErrorCode.WrongSenderType, group[1], g => g.Process(
            Forge.Proposal(group[0], new RemoveProposal(2), new Sender(MlsSenderType.NewMemberProposal, 0), stranger.Signer)));
        Refused.With(MlsErrorCode.WrongSenderType, group[1], g => g.Process(
            Forge.Proposal(group[0], new RemoveProposal(2), new Sender(MlsSenderType.NewMemberCommit, 0), stranger.Signer)));
        Refused.With(MlsErrorCode.MissingPath, group[1], g => g.Process(
            Forge.Public(group[0], Forge.Content(group[0], commit: new Commit([new ProposalOrRef(new ExternalInitProposal(new byte[32]), null)], null), from: new Sender(MlsSenderType.NewMemberCommit, 0)))));
        Refused.With(MlsErrorCode.UnknownSender, group[1], g => g.Process(Forge.Proposal(group[0], new RemoveProposal(2), new Sender(MlsSenderType.External, 1), server)));
        Refused.With(MlsErrorCode.UnknownSender, group[1], g => g.Process(Forge.Proposal(group[0], new RemoveProposal(2), Sender.Member(99))));
        Refused.With(MlsErrorCode.InvalidSignature, group[1], g => g.Process(Forge.Proposal(group[0], new RemoveProposal(2), outside, stranger.Signer)));
        Refused.With(MlsErrorCode.InvalidSignature, group[1], g => g.Process(MlsExternalProposals.CreateOwnAdd(g.GroupId.Span, g.Epoch, server, stranger.Bundle().KeyPackage)));
        using var plain = TestGroup.Of(2);
        Refused.With(MlsErrorCode.UnknownSender, plain[1], g => g.Process(Forge.Proposal(plain[0], new RemoveProposal(0), outside, server)));
    }

    [Fact]
    public void Lengths_are_bounded()
    {
        using var group = TestGroup.Of(2);
        Refused.With(MlsErrorCode.LimitExceeded, group[1], g => g.Process(new byte[(8 * 1024 * 1024) + 1]));

        // A vector that claims a gigabyte, and one whose length is not in the shortest form or has the reserved prefix.
        Refused.With(MlsErrorCode.Malformed, group[1], g => g.Process([0, 1, 0, 2, 0xBF, 0xFF, 0xFF, 0xFF]));
        Refused.With(MlsErrorCode.Malformed, group[1], g => g.Process([0, 1, 0, 2, 0x40, 0x01, 7]));
        Refused.With(MlsErrorCode.Malformed, group[1], g => g.Process([0, 1, 0, 2, 0x80, 0, 0, 1, 7]));
        Refused.With(MlsErrorCode.Malformed, group[1], g => g.Process([0, 1, 0, 2, 0xC0, 0, 0, 0]));
    }

    [Fact]
    public void Too_many_waiting_proposals_are_refused()
    {
        using var group = TestGroup.Of(2);
        using var small = MlsGroup.Load(
            group[1].Store.Records, new MlsGroupOptions { Signer = group[1].Signer, CredentialValidator = new AcceptAll(), MaxProposals = 1 }, new MlsMemoryGroupStore());
        small.Process(group[0].Group.Propose(MlsProposal.GroupContextExtensions([])));
        Assert.Equal(MlsErrorCode.LimitExceeded, Assert.Throws<MlsException>(() => small.Process(group[0].Group.Propose(MlsProposal.Remove(1)))).Code);
        Assert.Single(small.PendingProposals);
    }

    [Fact]
    public void Damaged_stored_state_is_a_typed_error()
    {
        using var group = TestGroup.Of(3);
        group.Deliver(group[0].Group.Propose(MlsProposal.Remove(2)), group[0]);
        group[1].Group.PrepareCommit();
        var records = group[1].Store.Records;
        foreach (var record in records)
        {
            var cut = records.Select(r => r.Key == record.Key ? new MlsStateRecord(r.Key, r.Value!.Value[..(r.Value.Value.Length / 2)]) : r);
            var without = records.Where(r => r.Key != record.Key);
            foreach (var state in new[] { cut, without })
            {
                try
                {
                    MlsGroup.Load(state, group[1].Config, new MlsMemoryGroupStore()).Dispose();
                }
                catch (MlsException e)
                {
                    Assert.Equal(MlsErrorCode.CorruptState, e.Code);
                }
            }
        }

        Assert.Equal(MlsErrorCode.CorruptState, Assert.Throws<MlsException>(() => MlsGroup.Load([], group[1].Config, new MlsMemoryGroupStore())).Code);
        Assert.Equal(MlsErrorCode.CorruptState, Assert.Throws<MlsException>(() => MlsGroup.Load(records.Where(r => r.Key != StateKeys.Epoch), group[1].Config, new MlsMemoryGroupStore())).Code);
    }

    private static void AssertRefused(TestClient client, byte[] message)
    {
        var before = client.Snapshot();
        var authenticator = Encoding.ASCII.GetString(client.Group.EpochAuthenticator.Span);
        Assert.Throws<MlsException>(() => client.Group.Process(message));
        Assert.Equal(before, client.Snapshot());
        Assert.Equal(authenticator, Encoding.ASCII.GetString(client.Group.EpochAuthenticator.Span));
        Assert.Empty(client.Group.PendingProposals);
    }
}
