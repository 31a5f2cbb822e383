namespace ChatKit.Load.Servers;

/// <summary>A row of the hand-written hub.</summary>
/// <param name="Id">The row's number.</param>
/// <param name="From">The sender.</param>
/// <param name="ClientId">The sender's id of it.</param>
/// <param name="Text">The text.</param>
public sealed record StoredMessage(long Id, string From, string ClientId, string Text);
