using System.Text.Json;

namespace ChatKit.Mls.Tests;

public sealed class PassiveClientVectorTests
{
    [Fact]
    public void Join_by_welcome()
    {
        foreach (var (suite, entry) in VectorFile.ReadSuites("passive-client-welcome", 16))
        {
            Follow(suite, entry);
        }
    }

    [Fact]
    public void Follow_commits()
    {
        var epochs = 0;
        foreach (var (suite, entry) in VectorFile.ReadSuites("passive-client-handling-commit", 26))
        {
            epochs += Follow(suite, entry);
        }

        Assert.True(epochs >= 26);
    }

    private static int Follow(MlsCipherSuite suite, JsonElement entry)
    {
        var keyPackage = MlsKeyPackage.Decode(entry.Hex("key_package"));
        using var signer = Ed25519Signer.Import(entry.Hex("signature_priv"));
        Assert.Equal(keyPackage.SignatureKey.ToArray(), signer.PublicKey.ToArray());
        Assert.Equal(suite.Id, keyPackage.CipherSuite);
        using var bundle = new MlsKeyPackageBundle(keyPackage, entry.Hex("init_priv"), entry.Hex("encryption_priv"));
        var psks = new TestPsks();
        foreach (var psk in entry.List("external_psks"))
        {
            psks.Add(psk.Hex("psk_id"), psk.Hex("psk"));
        }

        var options = new MlsGroupOptions
        {
            Signer = signer,
            CredentialValidator = new AcceptAll(),
            PskProvider = psks,
            TimeProvider = new FixedTime(DateTimeOffset.FromUnixTimeSeconds((long)keyPackage.Lifetime.NotBefore + 60)),
        };
        var store = new MlsMemoryGroupStore();
        using var joined = MlsGroup.Join(entry.Hex("welcome"), bundle, options, store, new MlsJoinOptions { RatchetTree = entry.OptionalHex("ratchet_tree") ?? [] });
        Assert.Equal(entry.Hex("initial_epoch_authenticator"), joined.EpochAuthenticator.ToArray());
        var epochs = 0;
        var group = joined;
        foreach (var epoch in entry.List("epochs"))
        {
            foreach (var proposal in epoch.List("proposals"))
            {
                Assert.IsType<MlsProposalReceived>(group.Process(proposal.Hex()));
            }

            // Every epoch runs on state that went through the store.
            using var loaded = MlsGroup.Load(store.Records, options, store);
            Assert.IsType<MlsCommitMerged>(loaded.Process(epoch.Hex("commit")));
            Assert.Equal(epoch.Hex("epoch_authenticator"), loaded.EpochAuthenticator.ToArray());
            group = MlsGroup.Load(store.Records, options, store);
            epochs++;
        }

        if (!ReferenceEquals(group, joined))
        {
            group.Dispose();
        }

        return epochs;
    }
}
