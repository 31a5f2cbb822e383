using System.Globalization;

namespace ChatKit.Storage.Benchmarks;

/// <summary>CPU time of a process with its children, living and ended, from /proc.</summary>
internal static class CpuMeter
{
    private const double TicksPerSecond = 100;

    public static TimeSpan Own => Environment.CpuUsage.TotalTime;

    public static TimeSpan Of(int? parent) => parent is not { } pid
        ? TimeSpan.Zero
        : TimeSpan.FromSeconds(Directory.EnumerateDirectories("/proc").Select(static folder => Path.GetFileName(folder)).Where(static name => char.IsAsciiDigit(name[0]))
            .Select(static name => Read(name)).Where(process => process.Pid == pid || process.Parent == pid).Sum(static process => process.Ticks) / TicksPerSecond);

    private static (int Pid, int Parent, long Ticks) Read(string name)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{name}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var ticks = Enumerable.Range(11, 4).Sum(n => long.Parse(fields[n], CultureInfo.InvariantCulture));
            return (int.Parse(name, CultureInfo.InvariantCulture), int.Parse(fields[1], CultureInfo.InvariantCulture), ticks);
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return default;
        }
    }
}
