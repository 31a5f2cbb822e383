namespace ChatKit;

/// <summary>What a message store says of itself.</summary>
/// <param name="Incarnation">A text that changes when the store is restored from a backup or made anew: cursors and tokens of
/// another incarnation mean a full resync (ARCHITECTURE, rule 12).</param>
/// <param name="FeedEnd">The position of the feed's present end.</param>
/// <param name="Now">The store's clock.</param>
public sealed record StoreInfo(string Incarnation, long FeedEnd, DateTimeOffset Now);
