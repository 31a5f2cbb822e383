namespace ChatKit.Load.Scenarios;

/// <summary>Where to send.</summary>
/// <param name="Directs">The targets of the direct conversations, for their first user.</param>
/// <param name="Groups">The targets of the groups.</param>
internal sealed record SeedReply(IReadOnlyList<string> Directs, IReadOnlyList<string> Groups);
