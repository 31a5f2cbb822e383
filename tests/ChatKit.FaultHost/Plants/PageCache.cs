using System.Diagnostics;

namespace ChatKit.FaultHost.Plants;

/// <summary>The disk gets the store's files only now and then, as when nothing flushes them: a kill becomes a power cut, which loses what came since.</summary>
internal sealed class PageCache(string data) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(400);

    /// <summary>The power is back: the files are what the disk has.</summary>
    public static void LoseUnflushed(string data)
    {
        if (Disks(data).LastOrDefault() is not { } disk)
        {
            return;
        }

        // Over what is there: a kill in between leaves every file that the disk has, old or new.
        var kept = Directory.GetFiles(disk);
        foreach (var file in kept)
        {
            File.Copy(file, Path.Combine(data, Path.GetFileName(file)), overwrite: true);
        }

        foreach (var file in Directory.GetFiles(data, "chat*").Where(file => !kept.Any(one => Path.GetFileName(one) == Path.GetFileName(file))))
        {
            File.Delete(file);
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

    /// <summary>What was flushed, the oldest first. Only a whole copy gets such a name, by one rename.</summary>
    private static IEnumerable<string> Disks(string data) => Directory.GetDirectories(data, "disk-*").Order(StringComparer.Ordinal);

    /// <summary>A copy as a kill would leave it: what says how much of the log counts first, then the log, which only grows between checkpoints.</summary>
    private void Flush()
    {
        var files = Directory.GetFiles(data, "chat*").OrderBy(static file => new FileInfo(file).Length).ToList();
        if (!files.Exists(static file => Path.GetFileName(file) == "chat.db"))
        {
            return; // not yet made
        }

        // Not the name that the host before took: its cp may still be at work, as a kill ends only the host.
        var next = Path.Combine(data, $"unfinished-{Guid.NewGuid():N}");
        Directory.CreateDirectory(next);

        // The store locks its files against others; cp does not ask.
        using (var copy = Process.Start("cp", [.. files, next]))
        {
            copy.WaitForExit();
            if (copy.ExitCode != 0)
            {
                Directory.Delete(next, recursive: true); // a file went meanwhile: what was flushed before stays
                return;
            }
        }

        // The clock of the machine, which goes on over a kill, orders the names.
        var old = Disks(data).ToList();
        Directory.Move(next, Path.Combine(data, $"disk-{TimeProvider.System.GetTimestamp():D19}"));
        foreach (var disk in old)
        {
            Directory.Delete(disk, recursive: true);
        }
    }
}
