using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <summary>Joins small inputs of a hash or a KDF, on the stack while they fit. Zeroed on disposal.</summary>
internal ref struct ScratchBuffer(Span<byte> initial)
{
    private Span<byte> _buffer = initial;
    private byte[]? _rented;
    private int _length;

    public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

    public void Append(ReadOnlySpan<byte> value) => value.CopyTo(Reserve(value.Length));

    public void AppendUInt8(byte value) => Reserve(1)[0] = value;

    public void AppendUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Reserve(2), value);

    public void AppendOpaque(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default)
    {
        var total = first.Length + second.Length;
        MlsWriter.WriteHeader(Reserve(MlsWriter.HeaderSize(total)), total);
        Append(first);
        Append(second);
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_buffer[.._length]);
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = null;
        }

        _length = 0;
    }

    private Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _length < count)
        {
            Grow(count);
        }

        var span = _buffer.Slice(_length, count);
        _length += count;
        return span;
    }

    private void Grow(int count)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + count, _buffer.Length * 2));
        Written.CopyTo(larger);
        CryptographicOperations.ZeroMemory(_buffer[.._length]);
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }

        _rented = larger;
        _buffer = larger;
    }
}
