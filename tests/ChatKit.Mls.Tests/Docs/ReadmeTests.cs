namespace ChatKit.Mls.Tests;

/// <summary>The code of the package's README, compiled and run; ChatKit.Docs.Tests sees to it that the two are the same.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void The_code_of_the_readme_runs()
    {
        using var alice = Ed25519Signer.Generate();
        using var bob = Ed25519Signer.Generate();
        var options = new MlsGroupOptions { Signer = alice, CredentialValidator = new AcceptAll() };
        var store = new MlsMemoryGroupStore();
        using var bundle = MlsKeyPackageBundle.Create(MlsCipherSuite.Mls128DhKemX25519Aes128GcmSha256Ed25519, bob, MlsCredential.Basic("bob"u8));
        var keyPackage = bundle.KeyPackage.Encode();

        using var group = MlsGroup.Create("group"u8, MlsCipherSuite.Mls128DhKemX25519Aes128GcmSha256Ed25519, MlsCredential.Basic("alice"u8), options, store);
        var pending = group.PrepareCommit([MlsProposal.Add(MlsKeyPackage.Decode(keyPackage))]);
        // Send pending.Message; when the delivery service has accepted it:
        group.MergePendingCommit();
        // Send pending.Welcome to the new member, then:
        byte[] message = group.Encrypt("hello"u8);

        Assert.NotNull(pending.Welcome);
        Assert.Equal(2, group.Members.Count);
        Assert.Equal(-1, message.AsSpan().IndexOf("hello"u8));
    }
}
