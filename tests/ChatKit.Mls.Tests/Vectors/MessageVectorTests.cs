namespace ChatKit.Mls.Tests;

public sealed class MessageVectorTests
{
    [Fact]
    public void Message_protection()
    {
        foreach (var (suite, entry) in VectorFile.ReadSuites("message-protection", 2))
        {
            var context = new GroupContext(1, suite.Id, entry.Hex("group_id"), entry.ULong("epoch"), entry.Hex("tree_hash"), entry.Hex("confirmed_transcript_hash"), []);
            using var signer = Ed25519Signer.Import(entry.Hex("signature_priv"));
            var key = entry.Hex("signature_pub");
            Assert.Equal(key, signer.PublicKey.ToArray());
            foreach (var (name, type) in new[] { ("proposal", ContentType.Proposal), ("commit", ContentType.Commit), ("application", ContentType.Application) })
            {
                var raw = entry.Hex(name);
                if (type != ContentType.Application)
                {
                    var received = VectorFile.RoundTrip<MlsMessage>(entry.Hex(name + "_pub")).PublicMessage!;
                    var content = received.ToAuthenticatedContent();
                    Assert.True(content.Verify(suite, key, context));
                    Assert.Equal(received.MembershipTag, content.MembershipTag(suite, entry.Hex("membership_key"), context));
                    Assert.Equal(raw, Body(content.Content));
                }

                using var tree = new SecretTree(suite, 2, entry.Hex("encryption_secret"));
                var opened = Open(suite, entry.Hex("sender_data_secret"), tree, entry.Hex(name + "_priv"), 1);
                Assert.True(opened.Verify(suite, key, context));
                Assert.Equal(raw, Body(opened.Content));

                var own = Content(context, type, raw);
                var signed = AuthenticatedContent.Sign(signer, MlsWireFormat.PrivateMessage, own, context);
                signed = type == ContentType.Commit ? signed with { ConfirmationTag = new byte[32] } : signed;
                using var sending = new SecretTree(suite, 2, entry.Hex("encryption_secret"));
                var kind = type == ContentType.Application ? RatchetKind.Application : RatchetKind.Handshake;
                var step = sending.Take(1, kind, 0, 0, 0);
                var message = PrivateMessageProtection.Protect(suite, signed, 1, 0, step.Key, entry.Hex("sender_data_secret"), 32);
                using var receiving = new SecretTree(suite, 2, entry.Hex("encryption_secret"));
                var back = Open(suite, entry.Hex("sender_data_secret"), receiving, MlsMessage.Of(message).Encode(), 1);
                Assert.True(back.Verify(suite, key, context));
                Assert.Equal(raw, Body(back.Content));
            }
        }
    }

    [Fact]
    public void Welcome()
    {
        foreach (var (suite, entry) in VectorFile.ReadSuites("welcome", 2))
        {
            var keyPackage = MlsKeyPackage.Decode(entry.Hex("key_package"));
            using var bundle = new MlsKeyPackageBundle(keyPackage, entry.Hex("init_priv"), new byte[32]);
            var welcome = VectorFile.RoundTrip<MlsMessage>(entry.Hex("welcome")).Welcome!;
            var secrets = WelcomeFactory.OpenSecrets(suite, welcome, bundle);
            var pskSecret = new byte[suite.HashLength];
            var info = WelcomeFactory.OpenGroupInfo(suite, welcome, secrets.JoinerSecret, pskSecret);
            Assert.True(info.Verify(suite, entry.Hex("signer_pub")));
            using var epoch = KeySchedule.Epoch(suite, secrets.JoinerSecret, pskSecret, MlsCodec.Encode(info.Context), out _);
            Assert.Equal(info.ConfirmationTag, suite.Mac(epoch.ConfirmationKey, info.Context.ConfirmedTranscriptHash));
        }
    }

    private static AuthenticatedContent Open(MlsCipherSuite suite, byte[] senderDataSecret, SecretTree tree, byte[] message, uint expectedLeaf)
    {
        var received = VectorFile.RoundTrip<MlsMessage>(message).PrivateMessage!;
        var senderData = SenderData.Decrypt(suite, senderDataSecret, received);
        Assert.Equal(expectedLeaf, senderData.Leaf);
        var kind = received.ContentType == ContentType.Application ? RatchetKind.Application : RatchetKind.Handshake;
        var step = tree.Take(senderData.Leaf, kind, senderData.Generation, 1000, 64);
        return PrivateMessageProtection.Unprotect(suite, received, senderData, step.Key);
    }

    private static FramedContent Content(GroupContext context, ContentType type, byte[] raw) => new(
        context.GroupId, context.Epoch, Sender.Member(1), [1, 2, 3], type,
        type == ContentType.Application ? raw : null,
        type == ContentType.Proposal ? MlsCodec.Decode<Proposal>(raw) : null,
        type == ContentType.Commit ? MlsCodec.Decode<Commit>(raw) : null);

    private static byte[] Body(FramedContent content) => content.ContentType switch
    {
        ContentType.Application => content.ApplicationData!,
        ContentType.Proposal => MlsCodec.Encode(content.Proposal!),
        _ => MlsCodec.Encode(content.Commit!),
    };
}
