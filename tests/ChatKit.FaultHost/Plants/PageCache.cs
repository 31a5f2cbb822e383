using System.Diagnostics;

namespace ChatKit.FaultHost.Plants;

/// <summary>The disk gets the store's files only now and then, as when nothing flushes them: a kill becomes a power cut, which loses what came since.</summary>
internal sealed class PageCache(string data) : BackgroundService
{
    private const string Disk = "disk";
    private const string Next = "disk.next";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(400);

    /// <summary>The power is back: the files are what the disk has.</summary>
    public static void LoseUnflushed(string data)
    {
        var disk = Path.Combine(data, Disk);
        if (!Directory.Exists(disk))
        {
            return;
        }

        foreach (var file in Directory.GetFiles(data, "chat*"))
        {
            File.Delete(file);
        }

        foreach (var file in Directory.GetFiles(disk))
        {
            File.Copy(file, Path.Combine(data, Path.GetFileName(file)));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        do
        {
            Flush();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>A copy as a kill would leave it: what says how much of the log counts first, then the log, which only grows between checkpoints.</summary>
    private void Flush()
    {
        var next = Directory.CreateDirectory(Path.Combine(data, Next)).FullName;
        var files = Directory.GetFiles(data, "chat*").OrderBy(static file => new FileInfo(file).Length);

        // The store locks its files against others; cp does not ask.
        using (var copy = Process.Start("cp", [.. files, next]))
        {
            copy.WaitForExit();
        }

        var disk = Path.Combine(data, Disk);
        if (Directory.Exists(disk))
        {
            Directory.Delete(disk, recursive: true);
        }

        Directory.Move(next, disk);
    }
}
