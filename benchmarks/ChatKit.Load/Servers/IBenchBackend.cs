using ChatKit.Load.Measuring;
using ChatKit.Load.Scenarios;

namespace ChatKit.Load.Servers;

/// <summary>What the generator asks of a server beside its hub.</summary>
internal interface IBenchBackend
{
    /// <summary>Makes what a scenario needs.</summary>
    Task<SeedReply> SeedAsync(SeedRequest request, CancellationToken cancellationToken);

    /// <summary>Counts the messages in the store after a position; a negative one asks for the end only.</summary>
    Task<RowCount> CountAsync(long after, CancellationToken cancellationToken);
}
