using ChatKit.Testing;

namespace ChatKit.FaultRun;

/// <summary>What came of a seed.</summary>
/// <param name="Findings">The broken promises.</param>
/// <param name="Records">What the devices recorded.</param>
/// <param name="Played">How long until the weather ended.</param>
/// <param name="Took">How long in all.</param>
internal sealed record SeedResult(IReadOnlyList<Finding> Findings, IReadOnlyList<DeviceRecord> Records, TimeSpan Played, TimeSpan Took);
