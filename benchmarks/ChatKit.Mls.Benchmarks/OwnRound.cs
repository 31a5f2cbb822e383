using System.Diagnostics;
using System.Text;

namespace ChatKit.Mls.Benchmarks;

/// <summary>One round of all operations on ChatKit.Mls with a group of the given size.</summary>
internal static class OwnRound
{
    private const int Messages = 50;

    public static void Run(MlsCipherSuite suite, int size, Figures figures)
    {
        var signers = Enumerable.Range(0, size).Select(_ => Ed25519Signer.Generate()).ToArray();
        MlsGroupOptions Options(int i) => new() { Signer = signers[i], CredentialValidator = new Everybody(), CipherSuites = [suite], PaddingBlock = 256 };
        MlsCredential Credential(int i) => MlsCredential.Basic(Encoding.UTF8.GetBytes("member " + i));
        var bundles = Enumerable.Range(1, size - 1).Select(i => MlsKeyPackageBundle.Create(suite, signers[i], Credential(i))).ToArray();

        var creatorStore = new MlsMemoryGroupStore();
        using var creator = MlsGroup.Create("benchmark"u8, suite, Credential(0), Options(0), creatorStore);
        MlsPendingCommit pending = null!;
        figures.Add("create", Time(() =>
        {
            pending = creator.PrepareCommit(bundles.Select(b => MlsProposal.Add(b.KeyPackage)));
            creator.MergePendingCommit();
        }));
        figures.Add("welcome bytes", pending.Welcome!.Value.Length);

        var store = new MlsMemoryGroupStore();
        MlsGroup member = null!;
        figures.Add("join", Time(() => member = MlsGroup.Join(pending.Welcome!.Value.Span, bundles[0], Options(1), store)));

        figures.Add("update", Time(() =>
        {
            pending = creator.PrepareCommit();
            creator.MergePendingCommit();
        }));
        figures.Add("commit bytes", pending.Message.Length);
        figures.Add("process", Time(() => member.Process(pending.Message.Span)));

        var plaintext = new byte[1024];
        var messages = new byte[Messages][];
        figures.Add("encrypt", Time(() =>
        {
            for (var i = 0; i < Messages; i++)
            {
                messages[i] = creator.Encrypt(plaintext);
            }
        }) / Messages);
        figures.Add("message bytes", messages[0].Length);
        member.Process(messages[0]);
        store.TakeChanges();
        member.Process(messages[1]);
        figures.Add("delta bytes", store.TakeChanges().Sum(c => c.Key.Length + (c.Value?.Length ?? 0)));
        figures.Add("decrypt", Time(() =>
        {
            for (var i = 2; i < Messages; i++)
            {
                member.Process(messages[i]);
            }
        }) / (Messages - 2));
        figures.Add("state bytes", store.Records.Sum(r => r.Key.Length + r.Value!.Value.Length));

        if (size > 2)
        {
            figures.Add("remove", Time(() =>
            {
                pending = creator.PrepareCommit([MlsProposal.Remove(size - 1)]);
                creator.MergePendingCommit();
            }));
            member.Process(pending.Message.Span);
        }

        if (!member.EpochAuthenticator.Span.SequenceEqual(creator.EpochAuthenticator.Span))
        {
            throw new InvalidOperationException("The members do not agree.");
        }

        member.Dispose();
        Array.ForEach(bundles, b => b.Dispose());
        Array.ForEach(signers, s => s.Dispose());
    }

    private static double Time(Action action)
    {
        var started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started).TotalMicroseconds;
    }

    private sealed class Everybody : MlsCredentialValidator
    {
        public override bool IsValid(in MlsCredentialContext context) => true;
    }
}
