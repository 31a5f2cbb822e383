namespace ChatKit.Mls;

/// <summary>PreSharedKeyID (RFC 9420, section 8.4).</summary>
internal sealed record PreSharedKeyId(
    bool IsResumption, byte[] PskId, ResumptionPskUsage Usage, byte[] GroupId, ulong Epoch, byte[] Nonce) : IMlsStructure<PreSharedKeyId>
{
    public static PreSharedKeyId External(byte[] pskId, byte[] nonce) => new(false, pskId, default, [], 0, nonce);

    public static PreSharedKeyId Resumption(ResumptionPskUsage usage, byte[] groupId, ulong epoch, byte[] nonce) => new(true, [], usage, groupId, epoch, nonce);

    public static PreSharedKeyId Read(ref MlsReader reader)
    {
        switch (reader.ReadUInt8())
        {
            case 1:
                return External(reader.ReadOpaque(), reader.ReadOpaque());
            case 2:
                var usage = (ResumptionPskUsage)reader.ReadUInt8();
                if (usage is < ResumptionPskUsage.Application or > ResumptionPskUsage.Branch)
                {
                    throw MlsReader.Malformed("A resumption PSK has an unknown usage.");
                }

                return Resumption(usage, reader.ReadOpaque(), reader.ReadUInt64(), reader.ReadOpaque());
            default:
                throw MlsReader.Malformed("A PSK has an unknown type.");
        }
    }

    public void Write(MlsWriter writer)
    {
        writer.WriteUInt8(IsResumption ? (byte)2 : (byte)1);
        if (IsResumption)
        {
            writer.WriteUInt8((byte)Usage);
            writer.WriteOpaque(GroupId);
            writer.WriteUInt64(Epoch);
        }
        else
        {
            writer.WriteOpaque(PskId);
        }

        writer.WriteOpaque(Nonce);
    }
}
