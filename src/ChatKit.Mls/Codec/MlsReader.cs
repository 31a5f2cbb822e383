using System.Buffers.Binary;

namespace ChatKit.Mls;

/// <summary>Reads the TLS presentation language of RFC 9420, section 2.1, from a span. Never allocates more than the input holds.</summary>
internal ref struct MlsReader(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;
    private int _position;

    public readonly bool AtEnd => _position == _data.Length;

    public readonly int Position => _position;

    public readonly int Remaining => _data.Length - _position;

    public readonly ReadOnlySpan<byte> Slice(int start) => _data[start.._position];

    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        if (count > _data.Length - _position)
        {
            throw Malformed("The input ends inside a value.");
        }

        var result = _data.Slice(_position, count);
        _position += count;
        return result;
    }

    public byte ReadUInt8() => ReadBytes(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(ReadBytes(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(ReadBytes(4));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64BigEndian(ReadBytes(8));

    /// <summary>A vector header: RFC 9420, section 2.1.2. The shortest form is required.</summary>
    public int ReadLength()
    {
        var first = ReadUInt8();
        switch (first >> 6)
        {
            case 0:
                return first;
            case 1:
                {
                    var value = ((first & 0x3F) << 8) | ReadUInt8();
                    return value >= 64 ? value : throw Malformed("A vector length is not in its shortest form.");
                }

            case 2:
                {
                    var rest = ReadBytes(3);
                    var value = ((first & 0x3F) << 24) | (rest[0] << 16) | (rest[1] << 8) | rest[2];
                    return value >= 16384 ? value : throw Malformed("A vector length is not in its shortest form.");
                }

            default:
                throw Malformed("A vector length has the reserved prefix.");
        }
    }

    public ReadOnlySpan<byte> ReadVector() => ReadBytes(ReadLength());

    public byte[] ReadOpaque() => ReadVector().ToArray();

    /// <summary>A vector whose content is read by a reader of its own.</summary>
    public MlsReader ReadNested() => new(ReadVector());

    public bool ReadOptional()
    {
        return ReadUInt8() switch
        {
            0 => false,
            1 => true,
            _ => throw Malformed("The presence octet of an optional value is neither 0 nor 1."),
        };
    }

    public readonly void EnsureEnd()
    {
        if (!AtEnd)
        {
            throw Malformed("Bytes follow the end of the structure.");
        }
    }

    public static MlsException Malformed(string message) => new(MlsErrorCode.Malformed, message);
}
