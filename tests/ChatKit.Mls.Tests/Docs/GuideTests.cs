using System.Reflection;

namespace ChatKit.Mls.Tests;

/// <summary>The code of docs/mls.md, compiled and run; a second test sees to it that page and code are the same.</summary>
public sealed class GuideTests
{
    [Fact]
    public void The_code_of_the_guide_runs()
    {
        var suite = MlsCipherSuite.Mls128DhKemX25519Aes128GcmSha256Ed25519;
        var directory = new AcceptAll();
        var deliveryService = new Delivery();
        using var bob = Ed25519Signer.Generate();
        var bobOptions = new MlsGroupOptions { Signer = bob, CredentialValidator = directory };
        var aliceStore = new MlsMemoryGroupStore();
        var bobStore = new MlsMemoryGroupStore();
        var shown = new List<string>();
        void Show(MlsCredential sender, ReadOnlyMemory<byte> content) =>
            shown.Add(System.Text.Encoding.UTF8.GetString(sender.Identity.Span) + ": " + System.Text.Encoding.UTF8.GetString(content.Span));
        void Note(MlsProposal proposal) => shown.Add(proposal.Type.ToString());
        void UpdateMembers(IReadOnlyList<MlsMember> added, IReadOnlyList<MlsMember> removed) => shown.Add($"+{added.Count} -{removed.Count}");

        var alice = Ed25519Signer.Generate();
        var aliceOptions = new MlsGroupOptions { Signer = alice, CredentialValidator = directory };
        var aliceCredential = MlsCredential.Basic("alice/phone"u8);

        using var bundle = MlsKeyPackageBundle.Create(suite, bob, MlsCredential.Basic("bob/laptop"u8));
        byte[] published = bundle.KeyPackage.Encode();
        byte[] keptSecret = bundle.Serialize();

        using var aliceGroup = MlsGroup.Create("group 1"u8, suite, aliceCredential, aliceOptions, aliceStore);
        MlsPendingCommit pending = aliceGroup.PrepareCommit([MlsProposal.Add(MlsKeyPackage.Decode(published))]);
        bool accepted = deliveryService.TrySend(pending.Message);
        if (accepted)
        {
            ReadOnlyMemory<byte>? welcome = pending.Welcome;
            aliceGroup.MergePendingCommit();
            deliveryService.SendWelcome(welcome!.Value);
        }
        else
        {
            aliceGroup.DropPendingCommit();
        }

        using var bobGroup = MlsGroup.Join(deliveryService.Welcome.Span, bundle, bobOptions, bobStore);

        byte[] message = aliceGroup.Encrypt("hello"u8);
        MlsReceived received = bobGroup.Process(message);
        switch (received)
        {
            case MlsApplicationMessage application:
                Show(application.Sender.Credential, application.Content);
                break;
            case MlsProposalReceived proposal:
                Note(proposal.Proposal);
                break;
            case MlsCommitMerged commit:
                UpdateMembers(commit.Added, commit.Removed);
                break;
        }

        MlsPendingCommit update = bobGroup.PrepareCommit();

        IReadOnlyList<MlsStateRecord> changes = bobStore.TakeChanges();

        using var restored = MlsGroup.Load(bobStore.Records, bobOptions, bobStore);

        Assert.Equal(["alice/phone: hello"], shown);
        Assert.NotEmpty(changes);
        Assert.NotEmpty(keptSecret);
        aliceGroup.Process(update.Message.Span);
        restored.MergePendingCommit();
        Assert.Equal(aliceGroup.EpochAuthenticator.ToArray(), restored.EpochAuthenticator.ToArray());
        alice.Dispose();
    }

    [Fact]
    public void The_guide_shows_that_very_code()
    {
        var source = Normalize(Read("GuideTests.cs"));
        var blocks = Read("mls.md").ReplaceLineEndings("\n").Split("```csharp\n").Skip(1).Select(b => b[..b.IndexOf("```", StringComparison.Ordinal)]).ToList();
        Assert.True(blocks.Count >= 7);
        Assert.All(blocks, b => Assert.Contains(Normalize(b), source, StringComparison.Ordinal));
    }

    private static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string Normalize(string text) => string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0));

    private sealed class Delivery
    {
        public ReadOnlyMemory<byte> Welcome { get; private set; }

        public bool TrySend(ReadOnlyMemory<byte> commit) => !commit.IsEmpty;

        public void SendWelcome(ReadOnlyMemory<byte> welcome) => Welcome = welcome;
    }
}
