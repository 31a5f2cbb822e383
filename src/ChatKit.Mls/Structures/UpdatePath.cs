namespace ChatKit.Mls;

/// <summary>UpdatePath (RFC 9420, section 7.6).</summary>
internal sealed record UpdatePath(LeafNode LeafNode, UpdatePathNode[] Nodes) : IMlsStructure<UpdatePath>
{
    public static UpdatePath Read(ref MlsReader reader) => new(ChatKit.Mls.LeafNode.Read(ref reader), MlsCodec.ReadList<UpdatePathNode>(ref reader));

    public void Write(MlsWriter writer)
    {
        LeafNode.Write(writer);
        MlsCodec.WriteList(writer, Nodes);
    }
}
