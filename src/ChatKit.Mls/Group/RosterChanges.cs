namespace ChatKit.Mls;

/// <summary>What a commit does to the members.</summary>
internal sealed record RosterChanges(
    MlsSenderType CommitterType, uint Committer, MlsMember[] Added, MlsMember[] Removed, MlsMember[] Updated, byte[][] ExternalPskIds, bool ExtensionsChanged)
{
    public static RosterChanges Read(ref MlsReader reader)
    {
        var type = (MlsSenderType)reader.ReadUInt8();
        var committer = reader.ReadUInt32();
        var added = ReadMembers(ref reader);
        var removed = ReadMembers(ref reader);
        var updated = ReadMembers(ref reader);
        var nested = reader.ReadNested();
        var psks = new List<byte[]>();
        while (!nested.AtEnd)
        {
            psks.Add(nested.ReadOpaque());
        }

        return new(type, committer, added, removed, updated, [.. psks], reader.ReadOptional());
    }

    public void Write(MlsWriter writer)
    {
        writer.WriteUInt8((byte)CommitterType);
        writer.WriteUInt32(Committer);
        WriteMembers(writer, Added);
        WriteMembers(writer, Removed);
        WriteMembers(writer, Updated);
        var start = writer.BeginVector();
        foreach (var psk in ExternalPskIds)
        {
            writer.WriteOpaque(psk);
        }

        writer.EndVector(start);
        writer.WriteOptional(ExtensionsChanged);
    }

    private static MlsMember[] ReadMembers(ref MlsReader reader)
    {
        var nested = reader.ReadNested();
        var members = new List<MlsMember>();
        while (!nested.AtEnd)
        {
            members.Add(MlsMember.Read(ref nested));
        }

        return [.. members];
    }

    private static void WriteMembers(MlsWriter writer, MlsMember[] members)
    {
        var start = writer.BeginVector();
        foreach (var member in members)
        {
            member.Write(writer);
        }

        writer.EndVector(start);
    }
}
