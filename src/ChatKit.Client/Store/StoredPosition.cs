namespace ChatKit.Client.Store;

/// <summary>How far the device has got in a conversation.</summary>
/// <param name="Seq">The last entry it has persisted.</param>
/// <param name="Moved">Grows with every move of any position.</param>
internal sealed record StoredPosition(long Seq, long Moved);
