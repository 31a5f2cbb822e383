namespace ChatKit.Wire;

/// <summary>How far a user has got.</summary>
/// <param name="User">The user.</param>
/// <param name="Delivered">Some device has persisted up to here.</param>
/// <param name="Read">Shown up to here.</param>
public sealed record WireReceipt(string User, long Delivered, long Read);
