namespace ChatKit.Mls;

/// <content>The ratchet_tree extension (RFC 9420, section 12.4.3.3).</content>
internal sealed partial class RatchetTree
{
    public static RatchetTree Decode(MlsCipherSuite suite, ReadOnlySpan<byte> data) => new(suite, DecodeNodes(data));

    public static TreeNode?[] DecodeNodes(ReadOnlySpan<byte> data)
    {
        var reader = new MlsReader(data);
        var nested = reader.ReadNested();
        reader.EnsureEnd();
        var nodes = new List<TreeNode?>();
        while (!nested.AtEnd)
        {
            if (nodes.Count >= TreeMath.NodeCount(MaxLeaves))
            {
                throw new MlsException(MlsErrorCode.LimitExceeded, "The ratchet tree has too many nodes.");
            }

            nodes.Add(nested.ReadOptional() ? ReadNode(ref nested, nodes.Count) : null);
        }

        if (nodes.Count == 0 || nodes[^1] is null)
        {
            throw new MlsException(MlsErrorCode.InvalidTree, "A ratchet tree ends in a blank node or is empty.");
        }

        if ((nodes.Count & 1) == 0)
        {
            throw new MlsException(MlsErrorCode.InvalidTree, "A ratchet tree ends in a parent node.");
        }

        var leafCount = 1;
        while (TreeMath.NodeCount(leafCount) < nodes.Count)
        {
            leafCount *= 2;
        }

        var result = new TreeNode?[TreeMath.NodeCount(leafCount)];
        nodes.CopyTo(result);
        return result;
    }

    public byte[] Encode() => EncodeNodes(_nodes);

    public static byte[] EncodeNodes(TreeNode?[] nodes)
    {
        using var writer = new MlsWriter(nodes.Length * 160);
        var count = nodes.Length;
        while (nodes[count - 1] is null)
        {
            count--;
        }

        var start = writer.BeginVector();
        for (var i = 0; i < count; i++)
        {
            writer.WriteOptional(nodes[i] is not null);
            if (nodes[i] is { } node)
            {
                WriteNode(writer, node);
            }
        }

        writer.EndVector(start);
        return writer.ToArray();
    }

    public static void WriteNode(MlsWriter writer, TreeNode node)
    {
        if (node is LeafNode leaf)
        {
            writer.WriteUInt8(1);
            leaf.Write(writer);
        }
        else
        {
            writer.WriteUInt8(2);
            ((ParentNode)node).Write(writer);
        }
    }

    public static TreeNode ReadNode(ref MlsReader reader, int index)
    {
        var type = reader.ReadUInt8();
        if (type is not (1 or 2))
        {
            throw MlsReader.Malformed("A node of a ratchet tree is neither a leaf nor a parent.");
        }

        if ((type == 1) != TreeMath.IsLeaf(index))
        {
            throw new MlsException(MlsErrorCode.InvalidTree, "A node of a ratchet tree has a type that does not fit its place.");
        }

        return type == 1 ? LeafNode.Read(ref reader) : ParentNode.Read(ref reader);
    }
}
