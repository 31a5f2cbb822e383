namespace ChatKit.Mls.Tests;

public sealed class CryptoVectorTests
{
    [Fact]
    public void Crypto_basics()
    {
        foreach (var (suite, entry) in VectorFile.ReadSuites("crypto-basics", 2))
        {
            var refHash = entry.GetProperty("ref_hash");
            Assert.Equal(refHash.Hex("out"), suite.RefHash(refHash.Label(), refHash.Hex("value")));

            var expand = entry.GetProperty("expand_with_label");
            Assert.Equal(expand.Hex("out"), suite.ExpandWithLabel(expand.Hex("secret"), expand.Label(), expand.Hex("context"), expand.GetProperty("length").GetInt32()));

            var derive = entry.GetProperty("derive_secret");
            Assert.Equal(derive.Hex("out"), suite.DeriveSecret(derive.Hex("secret"), derive.Label()));

            var tree = entry.GetProperty("derive_tree_secret");
            var output = new byte[tree.GetProperty("length").GetInt32()];
            suite.DeriveTreeSecret(tree.Hex("secret"), tree.Label(), tree.UInt("generation"), output);
            Assert.Equal(tree.Hex("out"), output);

            var sign = entry.GetProperty("sign_with_label");
            using var signer = Ed25519Signer.Import(sign.Hex("priv"));
            Assert.Equal(sign.Hex("pub"), signer.PublicKey.ToArray());
            Assert.True(suite.VerifyWithLabel(sign.Hex("pub"), sign.Label(), sign.Hex("content"), sign.Hex("signature")));
            Assert.Equal(sign.Hex("signature"), signer.SignWithLabel(sign.Label(), sign.Hex("content")));

            var encrypt = entry.GetProperty("encrypt_with_label");
            var ciphertext = new HpkeCiphertext(encrypt.Hex("kem_output"), encrypt.Hex("ciphertext"));
            Assert.Equal(encrypt.Hex("plaintext"), suite.DecryptWithLabel(encrypt.Hex("priv"), encrypt.Hex("pub"), encrypt.Label(), encrypt.Hex("context"), ciphertext));
            var own = suite.EncryptWithLabel(encrypt.Hex("pub"), encrypt.Label(), encrypt.Hex("context"), encrypt.Hex("plaintext"));
            Assert.Equal(encrypt.Hex("plaintext"), suite.DecryptWithLabel(encrypt.Hex("priv"), encrypt.Hex("pub"), encrypt.Label(), encrypt.Hex("context"), own));
        }
    }

    [Fact]
    public void Key_schedule()
    {
        foreach (var (suite, entry) in VectorFile.ReadSuites("key-schedule", 2))
        {
            var init = entry.Hex("initial_init_secret");
            var confirmed = 0UL;
            foreach (var epoch in entry.List("epochs"))
            {
                var context = VectorFile.RoundTrip<GroupContext>(epoch.Hex("group_context"));
                Assert.Equal(entry.Hex("group_id"), context.GroupId);
                Assert.Equal(confirmed++, context.Epoch);
                Assert.Equal(epoch.Hex("tree_hash"), context.TreeHash);
                Assert.Equal(epoch.Hex("confirmed_transcript_hash"), context.ConfirmedTranscriptHash);
                var joiner = KeySchedule.JoinerSecret(suite, init, epoch.Hex("commit_secret"), epoch.Hex("group_context"));
                Assert.Equal(epoch.Hex("joiner_secret"), joiner);
                Assert.Equal(epoch.Hex("welcome_secret"), KeySchedule.WelcomeSecret(suite, joiner, epoch.Hex("psk_secret")));
                using var secrets = KeySchedule.Epoch(suite, joiner, epoch.Hex("psk_secret"), epoch.Hex("group_context"), out var encryption);
                Assert.Equal(epoch.Hex("encryption_secret"), encryption);
                Assert.Equal(epoch.Hex("sender_data_secret"), secrets.SenderDataSecret);
                Assert.Equal(epoch.Hex("exporter_secret"), secrets.ExporterSecret);
                Assert.Equal(epoch.Hex("external_secret"), secrets.ExternalSecret);
                Assert.Equal(epoch.Hex("confirmation_key"), secrets.ConfirmationKey);
                Assert.Equal(epoch.Hex("membership_key"), secrets.MembershipKey);
                Assert.Equal(epoch.Hex("resumption_psk"), secrets.ResumptionPsk);
                Assert.Equal(epoch.Hex("epoch_authenticator"), secrets.EpochAuthenticator);
                Assert.Equal(epoch.Hex("init_secret"), secrets.InitSecret);
                Assert.Equal(epoch.Hex("external_pub"), EpochFactory.ExternalKeyPair(suite, secrets).PublicKey);
                var exporter = epoch.GetProperty("exporter");
                Assert.Equal(
                    exporter.Hex("secret"),
                    KeySchedule.Export(suite, secrets.ExporterSecret, exporter.Label(), exporter.Hex("context"), exporter.GetProperty("length").GetInt32()));
                init = epoch.Hex("init_secret");
            }
        }
    }

    [Fact]
    public void Psk_secret()
    {
        foreach (var (suite, entry) in VectorFile.ReadSuites("psk_secret", 22))
        {
            var psks = entry.List("psks").Select(p => (PreSharedKeyId.External(p.Hex("psk_id"), p.Hex("psk_nonce")), p.Hex("psk"))).ToList();
            Assert.Equal(entry.Hex("psk_secret"), KeySchedule.PskSecret(suite, psks));
        }
    }

    [Fact]
    public void Transcript_hashes()
    {
        foreach (var (suite, entry) in VectorFile.ReadSuites("transcript-hashes", 2))
        {
            var content = VectorFile.RoundTrip<AuthenticatedContent>(entry.Hex("authenticated_content"));
            var confirmed = KeySchedule.ConfirmedTranscriptHash(suite, entry.Hex("interim_transcript_hash_before"), content);
            Assert.Equal(entry.Hex("confirmed_transcript_hash_after"), confirmed);
            Assert.Equal(entry.Hex("interim_transcript_hash_after"), KeySchedule.InterimTranscriptHash(suite, confirmed, content.ConfirmationTag));
            Assert.Equal(content.ConfirmationTag, suite.Mac(entry.Hex("confirmation_key"), confirmed));
        }
    }

    [Fact]
    public void Secret_tree()
    {
        foreach (var (suite, entry) in VectorFile.ReadSuites("secret-tree", 6))
        {
            var senderData = entry.GetProperty("sender_data");
            var key = new byte[suite.Aead.KeyLength];
            var nonce = new byte[suite.Aead.NonceLength];
            SenderData.Derive(suite, senderData.Hex("sender_data_secret"), senderData.Hex("ciphertext"), key, nonce);
            Assert.Equal(senderData.Hex("key"), key);
            Assert.Equal(senderData.Hex("nonce"), nonce);

            var leaves = entry.List("leaves").ToList();
            using var tree = new SecretTree(suite, leaves.Count, entry.Hex("encryption_secret"));
            for (var leaf = 0u; leaf < leaves.Count; leaf++)
            {
                foreach (var generation in leaves[(int)leaf].EnumerateArray())
                {
                    var number = generation.UInt("generation");
                    foreach (var (kind, name) in new[] { (RatchetKind.Application, "application"), (RatchetKind.Handshake, "handshake") })
                    {
                        var step = tree.Take(leaf, kind, number, 1000, 64);
                        Assert.Equal(generation.Hex(name + "_key"), step.Key.Key);
                        Assert.Equal(generation.Hex(name + "_nonce"), step.Key.Nonce);
                        tree.Apply(step);
                    }
                }
            }

            Assert.Empty(tree.Nodes);
        }
    }

    [Fact]
    public void Hpke_of_rfc_9180()
    {
        var entries = VectorFile.Read("rfc9180-dhkem-x25519-sha256");
        Assert.Equal(8, entries.Length);
        foreach (var entry in entries)
        {
            var suite = VectorFile.Suite(entry.GetProperty("aead_id").GetInt32())!;
            Assert.Equal(suite.Aead.Id, entry.GetProperty("aead_id").GetInt32());
            Assert.Equal(entry.Hex("skRm"), suite.DeriveKeyPair(entry.Hex("ikmR")).PrivateKey);
            Assert.Equal(entry.Hex("pkRm"), suite.DeriveKeyPair(entry.Hex("ikmR")).PublicKey);
            var ephemeral = suite.DeriveKeyPair(entry.Hex("ikmE"));
            Assert.Equal(entry.Hex("enc"), ephemeral.PublicKey);
            var mode = (byte)entry.GetProperty("mode").GetInt32();
            var hasPsk = mode is 1 or 3;
            var psk = hasPsk ? entry.Hex("psk") : [];
            var pskId = hasPsk ? entry.Hex("psk_id") : [];
            var secret = entry.Hex("shared_secret");
            if (mode < 2)
            {
                // The modes that MLS uses: the KEM, too. Of the two authenticated modes the key schedule and all that follows is checked.
                var computed = new byte[32];
                X25519Kem.EncapsulateWith(ephemeral.PrivateKey, ephemeral.PublicKey, entry.Hex("pkRm"), computed);
                Assert.Equal(secret, computed);
                suite.Kem.Decapsulate(entry.Hex("enc"), entry.Hex("skRm"), entry.Hex("pkRm"), computed);
                Assert.Equal(secret, computed);
            }

            using var context = HpkeContext.Schedule(suite, mode, secret, entry.Hex("info"), psk, pskId);
            HpkeVectors.Check(context, entry);
        }
    }

    [Fact]
    public void Hpke_with_x_wing_as_a_plugged_in_kem()
    {
        var entry = Assert.Single(VectorFile.Read("hpke-pq-xwing-hkdf-sha256-chacha20poly1305"));
        var suite = XWingSuite.Suite;
        Assert.Equal(entry.Hex("suite_id"), suite.HpkeSuiteId);
        var secret = new byte[32];
        var encapsulated = entry.Hex("enc");
        Assert.Equal(suite.Kem.EncapsulatedKeyLength, encapsulated.Length);
        suite.Kem.Decapsulate(encapsulated, entry.Hex("skRm"), entry.Hex("pkRm"), secret);
        Assert.Equal(entry.Hex("shared_secret"), secret);
        Assert.True(suite.Kem.Matches(entry.Hex("skRm"), entry.Hex("pkRm")));
        using var context = HpkeContext.Schedule(suite, 0, secret, entry.Hex("info"), [], []);
        HpkeVectors.Check(context, entry);
    }
}
