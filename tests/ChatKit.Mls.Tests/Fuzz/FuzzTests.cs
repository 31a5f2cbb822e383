using System.Diagnostics;
using System.Globalization;

namespace ChatKit.Mls.Tests;

/// <summary>
/// A seeded mutator over the vectors and over live messages: only <see cref="MlsException"/> may come out, quickly, with memory of the
/// input's order and no change of state. CHATKIT_MLS_FUZZ_EXECUTIONS sets the number of executions, CHATKIT_MLS_FUZZ_SEED the seed.
/// </summary>
public sealed class FuzzTests
{
    private static readonly int Executions = Setting("CHATKIT_MLS_FUZZ_EXECUTIONS", 100_000);
    private static readonly int Seed = Setting("CHATKIT_MLS_FUZZ_SEED", 20250101);

    [Fact]
    public void The_decoder_survives_mutated_vectors()
    {
        var corpus = Corpus();
        var mutator = new Mutator(Seed);
        var worst = new Worst();
        var decoded = 0;
        for (var i = 0; i < Executions; i++)
        {
            var (kind, source) = corpus[mutator.Next(corpus.Count)];
            var input = mutator.Mutate(source, corpus[mutator.Next(corpus.Count)].Data);
            worst.Run(input, 64, 64 * 1024, () => decoded += Decode(kind, input) ? 1 : 0);
        }

        // Both outcomes occur, or the fuzzer would not reach beyond the first bytes.
        Assert.InRange(decoded, Executions / 50, Executions - (Executions / 50));
    }

    [Fact]
    public void Message_processing_survives_mutated_messages()
    {
        var mutator = new Mutator(Seed + 1);
        using var group = TestGroup.Of(4, configure: o => TestClient.Options(o.Signer, MlsCipherSuite.Mls128DhKemX25519Aes128GcmSha256Ed25519, publicHandshake: true));
        using var joiner = new TestClient("joiner");
        var target = group[1];
        var corpus = new List<byte[]>
        {
            group[0].Send("hello"), group[2].Send(new string('x', 500)), MlsMessage.Of(Forge.TrueCommit(group[0])).Encode(),
            MlsMessage.Of(Forge.TrueCommit(group[2], MlsProposal.Remove(3))).Encode(), Forge.Proposal(group[3], new RemoveProposal(0)),
            joiner.PrepareExternal(group[0].Group.ExportGroupInfo()).Message.ToArray(),
        };
        // A change of nothing but the signature is undone by forging: such a message is a true one.
        var genuine = corpus.Concat(corpus.Select(c => TryForge(group[0], c)).OfType<byte[]>()).ToList();
        var before = target.Snapshot();
        var worst = new Worst();
        for (var i = 0; i < Executions / 20; i++)
        {
            var input = mutator.Mutate(corpus[mutator.Next(corpus.Count)], corpus[mutator.Next(corpus.Count)]);
            // Half of the public ones get a right membership tag and signature, so that what lies behind is reached.
            if (i % 2 == 0 && TryForge(group[0], input) is { } forged)
            {
                input = forged;
            }

            if (genuine.Exists(c => c.AsSpan().SequenceEqual(input)))
            {
                continue;
            }

            worst.Run(input, 64, 2 * 1024 * 1024, () => target.Group.Process(input));
            if (target.Group.PendingProposals.Count > 0)
            {
                target.Group.ClearProposals();
            }
        }

        Assert.Equal(before, target.Snapshot());
        Assert.Equal(group[0].Group.EpochAuthenticator.ToArray(), target.Group.EpochAuthenticator.ToArray());
        Assert.Equal("hello", target.Read(corpus[0]));
        group.Commit(2);
    }

    [Fact]
    public void Joining_survives_mutated_welcomes_and_group_infos()
    {
        var mutator = new Mutator(Seed + 2);
        using var group = TestGroup.Of(4);
        using var joiner = new TestClient("joiner");
        var bundle = joiner.Bundle();
        var welcome = group[0].Group.PrepareCommit([MlsProposal.Add(bundle.KeyPackage)]).Welcome!.Value.ToArray();
        var info = group[0].Group.ExportGroupInfo();
        var tree = group[0].Group.ExportRatchetTree();
        var worst = new Worst();
        for (var i = 0; i < Executions / 50; i++)
        {
            switch (i % 3)
            {
                case 0:
                    var mutatedWelcome = mutator.Mutate(welcome, info);
                    worst.Run(mutatedWelcome, 64, 2 * 1024 * 1024, () => joiner.Join(mutatedWelcome, bundle).Dispose());
                    break;
                case 1:
                    var mutatedInfo = mutator.Mutate(info, welcome);
                    worst.Run(mutatedInfo, 64, 2 * 1024 * 1024, () => joiner.PrepareExternal(mutatedInfo).Dispose());
                    break;
                default:
                    // A tree that decodes, in a GroupInfo that its member signed.
                    var mutatedTree = mutator.Mutate(tree, info);
                    worst.Run(mutatedTree, 64, 2 * 1024 * 1024, () => joiner.PrepareExternal(Forge.GroupInfo(group[0], RatchetTree.Decode(joiner.Suite, mutatedTree))).Dispose());
                    break;
            }
        }
    }

    private static byte[]? TryForge(TestClient member, byte[] input)
    {
        try
        {
            return MlsMessage.Decode(input).PublicMessage is { Content: { Sender.Type: MlsSenderType.Member } content } message
                ? Forge.Public(member, content with { GroupId = member.Group.GroupId.ToArray(), Epoch = member.Group.Epoch, Sender = Sender.Member(0) }, message.ConfirmationTag)
                : null;
        }
        catch (MlsException)
        {
            return null;
        }
    }

    private static bool Decode(string kind, byte[] input)
    {
        try
        {
            switch (kind)
            {
                case "message":
                    var message = MlsMessage.Decode(input);
                    Assert.Equal(input, message.Encode());
                    break;
                case "tree":
                    Assert.Equal(input, RatchetTree.EncodeNodes(RatchetTree.DecodeNodes(input)));
                    break;
                case "commit":
                    Assert.Equal(input, MlsCodec.Encode(MlsCodec.Decode<Commit>(input)));
                    break;
                default:
                    Assert.Equal(input, MlsCodec.Encode(MlsCodec.Decode<GroupSecrets>(input)));
                    break;
            }

            return true;
        }
        catch (MlsException)
        {
            return false;
        }
    }

    private static List<(string Kind, byte[] Data)> Corpus()
    {
        var corpus = new List<(string, byte[])>();
        foreach (var entry in VectorFile.Read("messages").Take(60))
        {
            foreach (var name in new[] { "mls_welcome", "mls_group_info", "mls_key_package", "public_message_proposal", "public_message_commit", "private_message" })
            {
                corpus.Add(("message", entry.Hex(name)));
            }

            corpus.Add(("tree", entry.Hex("ratchet_tree")));
            corpus.Add(("commit", entry.Hex("commit")));
            corpus.Add(("secrets", entry.Hex("group_secrets")));
        }

        return corpus;
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    private sealed class Worst
    {
        public void Run(byte[] input, int perByte, int constant, Action action)
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var started = Stopwatch.GetTimestamp();
            try
            {
                action();
            }
            catch (MlsException)
            {
            }
            catch (Exception e)
            {
                throw new InvalidOperationException("An input broke it: " + Convert.ToHexString(input), e);
            }

            var used = GC.GetAllocatedBytesForCurrentThread() - allocated;
            Assert.True(used <= ((long)perByte * input.Length) + constant, $"{input.Length} bytes of input took {used} bytes of memory: {Convert.ToHexString(input)}");
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20), "An input took too long: " + Convert.ToHexString(input));
        }
    }
}
