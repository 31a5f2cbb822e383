using ChatKit.Load.Measuring;

namespace ChatKit.Load.Scenarios;

/// <summary>One kind of load.</summary>
internal interface IScenario
{
    /// <summary>Runs once and writes the figures.</summary>
    Task RunAsync(Site site, RunResult result);
}
