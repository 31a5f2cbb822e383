namespace ChatKit.Storage.LiteDb.Tests;

/// <summary>A disk that loses its power at a chosen operation (a write, a change of length, a flush or a deletion): from then on
/// everything fails, and <see cref="AfterCut"/> says what is on the platter.</summary>
/// <param name="images">What is on the platter at the start.</param>
/// <param name="cutAt">The number of the operation that meets the cut.</param>
/// <param name="atFlush">Whether only flushes are counted.</param>
internal sealed class FragileDisk(IReadOnlyDictionary<string, DiskImage> images, int cutAt, bool atFlush = false) : Disk
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, FragileFile> _files =
        images.ToDictionary(pair => pair.Key, pair => new FragileFile(pair.Key, pair.Value), StringComparer.Ordinal);

    private int _operations;

    /// <summary>The operation that met the cut, as "flush chat-log.db"; null while there is power.</summary>
    public string? CutDuring { get; private set; }

    /// <summary>A planted fault: a file whose flushes are only promised.</summary>
    public string? Unflushed { get; init; }

    /// <summary>Whether there is no room: writes fail, and go on when there is some again.</summary>
    public volatile bool Full;

    public override DiskFile Open(string path, FileShare share)
    {
        lock (_lock)
        {
            CheckPower();
            if (!_files.TryGetValue(path, out var file))
            {
                _files[path] = file = new FragileFile(path, image: null);
            }

            return new Handle(this, file);
        }
    }

    public override Stream? OpenDatabase(string path) => new DiskStream(Open(path, FileShare.Read));

    public override long? Length(string path)
    {
        lock (_lock)
        {
            CheckPower();
            return _files.TryGetValue(path, out var file) ? file.View.Length : null;
        }
    }

    public override void Create(string path, ReadOnlySpan<byte> content)
    {
        var image = new DiskImage();
        image.Write(content, 0);
        Operate("create", path, () => _files[path] = new FragileFile(path, image));
    }

    public override void Delete(string path) => Operate("delete", path, () => _files.Remove(path));

    /// <summary>Takes the power away, if it is still there, and returns what the platter holds.</summary>
    public Dictionary<string, DiskImage> AfterCut(Random random)
    {
        lock (_lock)
        {
            CutDuring ??= "idle";
            var left = new Dictionary<string, DiskImage>(StringComparer.Ordinal);
            foreach (var file in _files.Values.OrderBy(file => file.Name, StringComparer.Ordinal))
            {
                if (file.AfterCut(random) is { } image)
                {
                    left[file.Name] = image;
                }
            }

            return left;
        }
    }

    private void CheckPower()
    {
        if (CutDuring is not null)
        {
            throw new IOException("The power is off.");
        }
    }

    private void Operate(string operation, string path, Action work)
    {
        lock (_lock)
        {
            CheckPower();
            if (Full && operation is ("write" or "create"))
            {
                throw new IOException("No space left on device.");
            }

            if ((operation == "flush" || !atFlush) && ++_operations == cutAt)
            {
                // A change that meets the cut may have reached the platter in parts; a flush has certainly not returned.
                CutDuring = $"{operation} {Path.GetFileName(path)}";
                if (operation is "write" or "length" or "create")
                {
                    work();
                }

                throw new IOException("The power is off.");
            }

            work();
        }
    }

    private sealed class Handle(FragileDisk disk, FragileFile file) : DiskFile
    {
        public override long Length
        {
            get
            {
                lock (disk._lock)
                {
                    disk.CheckPower();
                    return file.View.Length;
                }
            }
        }

        public override int Read(Span<byte> buffer, long offset)
        {
            lock (disk._lock)
            {
                disk.CheckPower();
                return file.View.Read(buffer, offset);
            }
        }

        public override void Write(ReadOnlySpan<byte> buffer, long offset)
        {
            var data = buffer.ToArray();
            disk.Operate("write", file.Name, () => file.Write(data, offset));
        }

        public override void SetLength(long length) => disk.Operate("length", file.Name, () => file.SetLength(length));

        public override void Flush() => disk.Operate("flush", file.Name, () =>
        {
            if (Path.GetFileName(file.Name) != disk.Unflushed)
            {
                file.Flush();
            }
        });

        public override void Dispose()
        {
        }
    }
}
