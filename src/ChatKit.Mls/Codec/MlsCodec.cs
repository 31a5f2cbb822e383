namespace ChatKit.Mls;

/// <summary>Encodes and decodes whole structures and lists of them.</summary>
internal static class MlsCodec
{
    public static T Decode<T>(ReadOnlySpan<byte> data)
        where T : IMlsStructure<T>
    {
        var reader = new MlsReader(data);
        var result = T.Read(ref reader);
        reader.EnsureEnd();
        return result;
    }

    public static byte[] Encode<T>(T value)
        where T : IMlsStructure<T>
    {
        using var writer = new MlsWriter();
        value.Write(writer);
        return writer.ToArray();
    }

    public static T[] ReadList<T>(ref MlsReader reader)
        where T : IMlsStructure<T>
    {
        var nested = reader.ReadNested();
        if (nested.AtEnd)
        {
            return [];
        }

        var items = new List<T>();
        while (!nested.AtEnd)
        {
            items.Add(T.Read(ref nested));
        }

        return [.. items];
    }

    public static void WriteList<T>(MlsWriter writer, IReadOnlyList<T> items)
        where T : IMlsStructure<T>
    {
        var start = writer.BeginVector();
        for (var i = 0; i < items.Count; i++)
        {
            items[i].Write(writer);
        }

        writer.EndVector(start);
    }

    public static T[] DecodeList<T>(ReadOnlySpan<byte> data)
        where T : IMlsStructure<T>
    {
        var reader = new MlsReader(data);
        var result = ReadList<T>(ref reader);
        reader.EnsureEnd();
        return result;
    }

    public static byte[] EncodeList<T>(IReadOnlyList<T> items)
        where T : IMlsStructure<T>
    {
        using var writer = new MlsWriter();
        WriteList(writer, items);
        return writer.ToArray();
    }

    public static ushort[] ReadUInt16List(ref MlsReader reader)
    {
        var nested = reader.ReadNested();
        if ((nested.Remaining & 1) != 0)
        {
            throw MlsReader.Malformed("A list of 16-bit values has an odd length.");
        }

        var result = new ushort[nested.Remaining / 2];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = nested.ReadUInt16();
        }

        return result;
    }

    public static void WriteUInt16List(MlsWriter writer, IReadOnlyList<ushort> items)
    {
        writer.WriteLength(items.Count * 2);
        for (var i = 0; i < items.Count; i++)
        {
            writer.WriteUInt16(items[i]);
        }
    }
}
