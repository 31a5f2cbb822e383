namespace ChatKit.Load.Measuring;

/// <summary>The figures of one run.</summary>
internal sealed record RunResult
{
    public string Scenario { get; set; } = "";

    public string Server { get; set; } = "";

    /// <summary>Why the run is worth nothing; null when it is.</summary>
    public string? Failure { get; set; }

    public double Seconds { get; set; }

    public long Messages { get; set; }

    public long Accepted { get; set; }

    /// <summary>Messages in the store after the run; -1 when the server stores nothing.</summary>
    public long Rows { get; set; } = -1;

    public long Receipts { get; set; }

    /// <summary>By name: msgs/s, deliveries/s, p50 …</summary>
    public SortedDictionary<string, double> Figures { get; set; } = new(StringComparer.Ordinal);

    /// <summary>The same of each window; those of the last are the run's.</summary>
    public List<SortedDictionary<string, double>> Windows { get; set; } = [];

    /// <summary>MiB of the host's heap after a full collection, before the load and after it; only of a soak.</summary>
    public List<double> Heap { get; set; } = [];
}
