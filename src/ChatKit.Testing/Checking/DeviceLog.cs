namespace ChatKit.Testing;

/// <summary>What one device got of one conversation since it last began anew.</summary>
internal sealed class DeviceLog
{
    public SortedSet<long> Got { get; } = [];

    public List<(long From, long To)> Skips { get; } = [];

    /// <summary>The first position an event spoke of.</summary>
    public long? First { get; set; }

    public long Acked { get; set; }

    /// <summary>How often the app was shown a message as received or accepted.</summary>
    public Dictionary<long, int> Shown { get; } = [];

    /// <summary>The last entry the app was told.</summary>
    public long Told { get; set; }

    public bool WasSkipped(long seq) => Skips.Any(skip => seq >= skip.From && seq <= skip.To);
}
