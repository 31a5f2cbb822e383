namespace ChatKit.Load.Clients;

/// <summary>Bytes in, bytes out, in one contiguous array. Not thread-safe.</summary>
internal sealed class ByteQueue
{
    private byte[] buffer = [];
    private int start;
    private int end;

    public int Length => end - start;

    public ReadOnlySpan<byte> Span => buffer.AsSpan(start, end - start);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        end += bytes.Length;
    }

    public void Append(byte value)
    {
        Reserve(1)[0] = value;
        end++;
    }

    /// <summary>Room at the end; <see cref="Commit"/> says how much of it was written.</summary>
    public Span<byte> Reserve(int size)
    {
        if (buffer.Length - end < size)
        {
            var length = end - start;
            if (buffer.Length >= 2 * (length + size))
            {
                buffer.AsSpan(start, length).CopyTo(buffer);
            }
            else
            {
                var larger = new byte[Math.Max(256, 2 * (length + size))];
                buffer.AsSpan(start, length).CopyTo(larger);
                buffer = larger;
            }

            (start, end) = (0, length);
        }

        return buffer.AsSpan(end);
    }

    public void Commit(int count) => end += count;

    public void Skip(int count)
    {
        start += count;
        if (start == end)
        {
            start = end = 0;
        }
    }

    public void Clear() => start = end = 0;
}
