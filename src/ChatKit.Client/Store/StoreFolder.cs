using System.Runtime.InteropServices;

namespace ChatKit.Client.Store;

/// <summary>The folder of a file store, as far as it differs between systems. Tests put faults into it.</summary>
internal class StoreFolder(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Path { get; } = path;

    /// <summary>Creates it, readable by its owner only.</summary>
    public void Create()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path);
        }
        else
        {
            Directory.CreateDirectory(Path, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public bool Exists(string name) => File.Exists(At(name));

    /// <summary>Held by one process as long as the stream is open.</summary>
    public FileStream Lock(string name) => new(At(name), Options(FileMode.OpenOrCreate, FileShare.None));

    public virtual JournalFile Open(string name, bool create)
    {
        if (create)
        {
            File.Delete(At(name));
            using var created = new FileStream(At(name), Options(FileMode.CreateNew, FileShare.None));
        }

        return new JournalFile(File.OpenHandle(At(name), FileMode.Open, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, FileOptions.None));
    }

    public void Delete(string name) => File.Delete(At(name));

    /// <summary>Puts one file in the place of another, and sees to it that a power cut does not undo that.</summary>
    public virtual void Replace(string from, string to)
    {
        File.Move(At(from), At(to), overwrite: true);
        FlushNames();
    }

    /// <summary>Windows flushes names by itself.</summary>
    private void FlushNames()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var folder = Open(Path, 0);
        if (folder < 0)
        {
            throw new IOException($"The folder {Path} cannot be opened to flush it (error {Marshal.GetLastPInvokeError()}).");
        }

        var failed = FSync(folder) != 0 ? Marshal.GetLastPInvokeError() : 0;
        _ = Close(folder);
        if (failed is not 0 and not 22)
        {
            // 22: the file system has nothing to flush for a folder.
            throw new IOException($"The folder {Path} cannot be flushed (error {failed}).");
        }
    }

    private static FileStreamOptions Options(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FSync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
