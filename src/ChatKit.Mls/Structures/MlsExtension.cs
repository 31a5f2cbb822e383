namespace ChatKit.Mls;

/// <summary>Extension (RFC 9420, section 13). Immutable.</summary>
public sealed class MlsExtension : IMlsStructure<MlsExtension>
{
    private readonly byte[] _data;

    /// <summary>Makes an extension.</summary>
    /// <param name="type">The 16-bit extension type.</param>
    /// <param name="data">The extension data, encoded; it is copied.</param>
    public MlsExtension(int type, ReadOnlySpan<byte> data)
        : this(type, data.ToArray())
    {
    }

    internal MlsExtension(int type, byte[] data)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)type, ushort.MaxValue, nameof(type));
        Type = type;
        _data = data;
    }

    /// <summary>The extension type.</summary>
    public int Type { get; }

    /// <summary>The extension data, encoded.</summary>
    public ReadOnlyMemory<byte> Data => _data;

    static MlsExtension IMlsStructure<MlsExtension>.Read(ref MlsReader reader) => new(reader.ReadUInt16(), reader.ReadOpaque());

    void IMlsStructure<MlsExtension>.Write(MlsWriter writer)
    {
        writer.WriteUInt16((ushort)Type);
        writer.WriteOpaque(_data);
    }

    internal static MlsExtension? Find(IReadOnlyList<MlsExtension> list, int type)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i].Type == type)
            {
                return list[i];
            }
        }

        return null;
    }

    /// <summary>RFC 9420, section 13.4: no extension type may appear twice in a list.</summary>
    internal static void EnsureUnique(IReadOnlyList<MlsExtension> list)
    {
        var seen = new HashSet<int>();
        for (var i = 0; i < list.Count; i++)
        {
            if (!seen.Add(list[i].Type))
            {
                throw new MlsException(MlsErrorCode.InvalidExtension, "An extension type appears twice.");
            }
        }
    }
}
