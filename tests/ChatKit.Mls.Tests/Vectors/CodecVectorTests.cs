using System.Text.Json;

namespace ChatKit.Mls.Tests;

public sealed class CodecVectorTests
{
    [Fact]
    public void Tree_math()
    {
        var entries = VectorFile.Read("tree-math");
        Assert.Equal(10, entries.Length);
        foreach (var entry in entries)
        {
            var leaves = entry.GetProperty("n_leaves").GetInt32();
            Assert.Equal(entry.GetProperty("n_nodes").GetInt32(), TreeMath.NodeCount(leaves));
            Assert.Equal(entry.GetProperty("root").GetInt32(), TreeMath.Root(leaves));
            Check(entry, "left", leaves, n => TreeMath.IsLeaf(n) ? null : TreeMath.Left(n));
            Check(entry, "right", leaves, n => TreeMath.IsLeaf(n) ? null : TreeMath.Right(n));
            Check(entry, "parent", leaves, n => n == TreeMath.Root(leaves) ? null : TreeMath.Parent(n));
            Check(entry, "sibling", leaves, n => n == TreeMath.Root(leaves) ? null : TreeMath.Sibling(n));
        }
    }

    [Fact]
    public void Vector_headers()
    {
        var entries = VectorFile.Read("deserialization");
        Assert.Equal(14, entries.Length);
        foreach (var entry in entries)
        {
            var header = entry.Hex("vlbytes_header");
            var reader = new MlsReader(header);
            Assert.Equal(entry.GetProperty("length").GetInt32(), reader.ReadLength());
            Assert.True(reader.AtEnd);
            using var writer = new MlsWriter();
            writer.WriteLength(entry.GetProperty("length").GetInt32());
            Assert.Equal(header, writer.ToArray());
        }
    }

    [Fact]
    public void Every_wire_structure_round_trips()
    {
        var entries = VectorFile.Read("messages");
        Assert.Equal(300, entries.Length);
        foreach (var entry in entries)
        {
            foreach (var message in new[] { "mls_welcome", "mls_group_info", "mls_key_package", "public_message_application", "public_message_proposal", "public_message_commit", "private_message" })
            {
                VectorFile.RoundTrip<MlsMessage>(entry.Hex(message));
            }

            var tree = entry.Hex("ratchet_tree");
            Assert.Equal(tree, RatchetTree.EncodeNodes(RatchetTree.DecodeNodes(tree)));
            VectorFile.RoundTrip<GroupSecrets>(entry.Hex("group_secrets"));
            VectorFile.RoundTrip<Commit>(entry.Hex("commit"));
            foreach (var (name, type) in Proposals)
            {
                // The vectors hold the body of a proposal without its type.
                var body = entry.Hex(name);
                byte[] whole = [0, (byte)type, .. body];
                Assert.Equal(type, VectorFile.RoundTrip<Proposal>(whole).Type);
            }

            Assert.Equal(17, entry.EnumerateObject().Count());
        }
    }

    [Fact]
    public void Structures_of_other_suites_round_trip()
    {
        var count = 0;
        foreach (var entry in VectorFile.OtherSuites("tree-validation"))
        {
            Assert.Equal(entry.Hex("tree"), RatchetTree.EncodeNodes(RatchetTree.DecodeNodes(entry.Hex("tree"))));
            count++;
        }

        foreach (var entry in VectorFile.OtherSuites("treekem"))
        {
            Assert.Equal(entry.Hex("ratchet_tree"), RatchetTree.EncodeNodes(RatchetTree.DecodeNodes(entry.Hex("ratchet_tree"))));
            foreach (var path in entry.List("update_paths"))
            {
                VectorFile.RoundTrip<UpdatePath>(path.Hex("update_path"));
            }

            count++;
        }

        foreach (var entry in VectorFile.OtherSuites("passive-client-welcome").Concat(VectorFile.OtherSuites("passive-client-handling-commit")))
        {
            VectorFile.RoundTrip<MlsMessage>(entry.Hex("key_package"));
            VectorFile.RoundTrip<MlsMessage>(entry.Hex("welcome"));
            if (entry.OptionalHex("ratchet_tree") is { } tree)
            {
                Assert.Equal(tree, RatchetTree.EncodeNodes(RatchetTree.DecodeNodes(tree)));
            }

            foreach (var epoch in entry.List("epochs"))
            {
                VectorFile.RoundTrip<MlsMessage>(epoch.Hex("commit"));
                foreach (var proposal in epoch.List("proposals"))
                {
                    VectorFile.RoundTrip<MlsMessage>(proposal.Hex());
                }
            }

            count++;
        }

        foreach (var entry in VectorFile.OtherSuites("message-protection"))
        {
            foreach (var name in new[] { "proposal_pub", "proposal_priv", "commit_pub", "commit_priv", "application_priv" })
            {
                VectorFile.RoundTrip<MlsMessage>(entry.Hex(name));
            }

            VectorFile.RoundTrip<Proposal>(entry.Hex("proposal"));
            VectorFile.RoundTrip<Commit>(entry.Hex("commit"));
            count++;
        }

        foreach (var entry in VectorFile.OtherSuites("welcome"))
        {
            VectorFile.RoundTrip<MlsMessage>(entry.Hex("key_package"));
            VectorFile.RoundTrip<MlsMessage>(entry.Hex("welcome"));
            count++;
        }

        foreach (var entry in VectorFile.OtherSuites("transcript-hashes"))
        {
            VectorFile.RoundTrip<AuthenticatedContent>(entry.Hex("authenticated_content"));
            count++;
        }

        foreach (var entry in VectorFile.OtherSuites("key-schedule"))
        {
            foreach (var epoch in entry.List("epochs"))
            {
                VectorFile.RoundTrip<GroupContext>(epoch.Hex("group_context"));
            }

            count++;
        }

        // tree-validation 70, treekem 55, passive clients 40 + 65, message-protection, welcome, transcript-hashes and key-schedule 5 each.
        Assert.Equal(70 + 55 + 40 + 65 + 20, count);
    }

    private static readonly (string Name, MlsProposalType Type)[] Proposals =
    [
        ("add_proposal", MlsProposalType.Add),
        ("update_proposal", MlsProposalType.Update),
        ("remove_proposal", MlsProposalType.Remove),
        ("pre_shared_key_proposal", MlsProposalType.PreSharedKey),
        ("re_init_proposal", MlsProposalType.ReInit),
        ("external_init_proposal", MlsProposalType.ExternalInit),
        ("group_context_extensions_proposal", MlsProposalType.GroupContextExtensions),
    ];

    private static void Check(JsonElement entry, string name, int leaves, Func<int, int?> compute)
    {
        var node = 0;
        foreach (var expected in entry.List(name))
        {
            Assert.Equal(expected.ValueKind == JsonValueKind.Null ? null : expected.GetInt32(), compute(node));
            node++;
        }

        Assert.Equal(TreeMath.NodeCount(leaves), node);
    }
}
