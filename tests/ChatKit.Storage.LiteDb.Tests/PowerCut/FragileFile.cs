namespace ChatKit.Storage.LiteDb.Tests;

/// <summary>A file as the process sees it, what of it is on the platter, and the changes that wait in between.</summary>
internal sealed class FragileFile(string name, DiskImage? image)
{
    private const int Sector = 512;
    private readonly List<(long Offset, byte[]? Data)> _waiting = [];

    public string Name { get; } = name;

    public DiskImage View { get; } = image?.Copy() ?? new DiskImage();

    /// <summary>Null until the file itself is on the platter.</summary>
    public DiskImage? Platter { get; private set; } = image;

    public void Write(ReadOnlySpan<byte> data, long offset)
    {
        View.Write(data, offset);
        _waiting.Add((offset, data.ToArray()));
    }

    public void SetLength(long length)
    {
        View.SetLength(length);
        _waiting.Add((length, null));
    }

    public void Flush()
    {
        Platter ??= new DiskImage();
        foreach (var change in _waiting)
        {
            Apply(Platter, change);
        }

        _waiting.Clear();
    }

    /// <summary>What a power cut leaves: of what was not flushed any part, in any order, a sector being whole.</summary>
    public DiskImage? AfterCut(Random random)
    {
        // All, none or any: each is a disk that exists.
        var share = random.Next(4) switch { 0 => 0.0, 1 => 1.0, _ => random.NextDouble() };
        var image = Platter?.Copy();
        foreach (var (offset, data) in _waiting)
        {
            if (data is null)
            {
                if (random.NextDouble() < share)
                {
                    Apply(image ??= new DiskImage(), (offset, null));
                }

                continue;
            }

            for (var start = 0; start < data.Length; start += Sector)
            {
                // A page is mostly written or not; sometimes it is torn.
                if (random.NextDouble() < share)
                {
                    Apply(image ??= new DiskImage(), (offset + start, data[start..Math.Min(start + Sector, data.Length)]));
                }
            }
        }

        return image;
    }

    private static void Apply(DiskImage image, (long Offset, byte[]? Data) change)
    {
        if (change.Data is null)
        {
            image.SetLength(change.Offset);
        }
        else
        {
            image.Write(change.Data, change.Offset);
        }
    }
}
