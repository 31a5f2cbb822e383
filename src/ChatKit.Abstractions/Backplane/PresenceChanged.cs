namespace ChatKit;

/// <summary>A user's presence on one node has changed.</summary>
/// <param name="Node">The node whose sessions it tells of.</param>
/// <param name="Presence">The presence by that node's sessions alone.</param>
public sealed record PresenceChanged(NodeId Node, Presence Presence) : BackplaneMessage;
