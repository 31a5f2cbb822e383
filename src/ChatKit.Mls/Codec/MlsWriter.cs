using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <summary>Writes the TLS presentation language of RFC 9420, section 2.1. Its buffer is zeroed when it grows and on disposal.</summary>
internal sealed class MlsWriter(int capacity = 256) : IDisposable
{
    private byte[] _buffer = new byte[capacity];
    private int _length;

    public int Length => _length;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public byte[] ToArray() => Written.ToArray();

    public Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _length < count)
        {
            Grow(count);
        }

        var span = _buffer.AsSpan(_length, count);
        _length += count;
        return span;
    }

    public void WriteUInt8(byte value) => Reserve(1)[0] = value;

    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Reserve(2), value);

    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Reserve(4), value);

    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Reserve(8), value);

    public void WriteBytes(ReadOnlySpan<byte> value) => value.CopyTo(Reserve(value.Length));

    public void WriteOpaque(ReadOnlySpan<byte> value)
    {
        WriteLength(value.Length);
        WriteBytes(value);
    }

    public void WriteOptional(bool present) => WriteUInt8(present ? (byte)1 : (byte)0);

    public void WriteLength(int length) => WriteHeader(Reserve(HeaderSize(length)), length);

    /// <summary>Starts a vector; <see cref="EndVector"/> puts its header in front.</summary>
    public int BeginVector() => _length;

    public void EndVector(int start)
    {
        var count = _length - start;
        var header = HeaderSize(count);
        Reserve(header);
        _buffer.AsSpan(start, count).CopyTo(_buffer.AsSpan(start + header));
        WriteHeader(_buffer.AsSpan(start, header), count);
    }

    public void Clear()
    {
        CryptographicOperations.ZeroMemory(_buffer.AsSpan(0, _length));
        _length = 0;
    }

    public void Dispose() => Clear();

    public static int HeaderSize(int length) => length switch
    {
        < 64 => 1,
        < 16384 => 2,
        < 1 << 30 => 4,
        _ => throw new MlsException(MlsErrorCode.LimitExceeded, "A vector may not be longer than 2^30 - 1 bytes."),
    };

    public static void WriteHeader(Span<byte> destination, int length)
    {
        switch (destination.Length)
        {
            case 1:
                destination[0] = (byte)length;
                break;
            case 2:
                BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)(length | 0x4000));
                break;
            default:
                BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)length | 0x8000_0000u);
                break;
        }
    }

    private void Grow(int count)
    {
        var larger = new byte[Math.Max(checked(_length + count), _buffer.Length * 2)];
        Written.CopyTo(larger);
        CryptographicOperations.ZeroMemory(_buffer);
        _buffer = larger;
    }
}
