using System.Globalization;

namespace ChatKit.Load.Measuring;

/// <summary>CPU time of a process by /proc, with that of its children: PostgreSQL has one a connection.</summary>
internal static class ProcessCpu
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux that .NET runs on.

    /// <returns>Seconds of user and system time.</returns>
    public static double Of(int pid) => Read(pid) is { } stat ? (stat.User + stat.System) / TicksPerSecond : 0;

    /// <summary>A process with its children, living and ended.</summary>
    /// <returns>Seconds of user and system time.</returns>
    public static double OfFamily(int pid)
    {
        if (Read(pid) is not { } parent)
        {
            return 0;
        }

        var ticks = parent.User + parent.System + parent.EndedChildren;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && Read(id) is { } child && child.Parent == pid)
            {
                ticks += child.User + child.System;
            }
        }

        return ticks / TicksPerSecond;
    }

    /// <returns>Bytes of memory that a process holds; 0 when it is gone.</returns>
    public static long ResidentBytes(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return line is null ? 0 : 1024 * long.Parse(line.AsSpan(6).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture);
    }

    private static Stat? Read(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new Stat(
                int.Parse(fields[1], CultureInfo.InvariantCulture),
                long.Parse(fields[11], CultureInfo.InvariantCulture),
                long.Parse(fields[12], CultureInfo.InvariantCulture),
                long.Parse(fields[13], CultureInfo.InvariantCulture) + long.Parse(fields[14], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null; // Gone meanwhile.
        }
    }

    private readonly record struct Stat(int Parent, long User, long System, long EndedChildren);
}
