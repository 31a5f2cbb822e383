namespace ChatKit;

/// <summary>A live connection as the registry knows it.</summary>
/// <param name="Session">The session.</param>
/// <param name="Device">The device (with its user) that is connected.</param>
/// <param name="Node">The node that holds the socket.</param>
/// <param name="ConnectedAt">Since when.</param>
public sealed record SessionRecord(SessionId Session, DeviceId Device, NodeId Node, DateTimeOffset ConnectedAt);
