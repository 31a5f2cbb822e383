namespace ChatKit.Load.Measuring;

/// <summary>The names of the figures.</summary>
internal static class Figure
{
    public const string Rate = "msgs/s";
    public const string Deliveries = "deliveries/s";
    public const string P50 = "p50 ms";
    public const string P99 = "p99 ms";
    public const string P999 = "p99.9 ms";
    public const string HostCpu = "host us/msg";
    public const string DatabaseCpu = "db us/msg";
    public const string GeneratorCpu = "generator us/msg";
    public const string Allocated = "allocated B/msg";
    public const string RssPerConnection = "RSS KiB/conn";
    public const string HeapPerConnection = "heap KiB/conn";
    public const string BesideIdle = "msgs/s beside idle";
    public const string Kept = "kept %";
    public const string Drain = "drain ms";
    public const string HostMemory = "host MiB";
    public const string Compiling = "host compiling ms/s";

    public static IReadOnlyList<string> Order { get; } =
        [Rate, Deliveries, BesideIdle, Kept, Drain, P50, P99, P999, RssPerConnection, HeapPerConnection, HostCpu, DatabaseCpu, GeneratorCpu, Allocated, HostMemory, Compiling];
}
