namespace ChatKit;

/// <summary>A page of the feed.</summary>
/// <param name="Items">The rows, in the order of their position.</param>
/// <param name="Next">Where to read on: pass it as the next <c>after</c>. The same as the last <c>after</c> when nothing is there.</param>
public sealed record FeedPage(IReadOnlyList<FeedItem> Items, long Next);
