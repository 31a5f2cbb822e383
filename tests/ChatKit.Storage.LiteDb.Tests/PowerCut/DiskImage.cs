namespace ChatKit.Storage.LiteDb.Tests;

/// <summary>The bytes of one file on the platter.</summary>
internal sealed class DiskImage
{
    private byte[] _bytes = new byte[64 * 1024];

    public long Length { get; private set; }

    public DiskImage Copy()
    {
        var copy = new DiskImage { _bytes = (byte[])_bytes.Clone() };
        copy.Length = Length;
        return copy;
    }

    public int Read(Span<byte> buffer, long offset)
    {
        var count = (int)Math.Clamp(Length - offset, 0, buffer.Length);
        _bytes.AsSpan((int)Math.Min(offset, Length), count).CopyTo(buffer);
        return count;
    }

    public void Write(ReadOnlySpan<byte> data, long offset)
    {
        if (offset + data.Length > Length)
        {
            SetLength(offset + data.Length);
        }

        data.CopyTo(_bytes.AsSpan((int)offset));
    }

    public void SetLength(long length)
    {
        if (length > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Max(length, 2L * _bytes.Length));
        }

        if (length < Length)
        {
            _bytes.AsSpan((int)length, (int)(Length - length)).Clear();
        }

        Length = length;
    }
}
