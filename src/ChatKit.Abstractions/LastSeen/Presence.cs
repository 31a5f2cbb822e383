namespace ChatKit;

/// <summary>Whether a user is there, and since when not.</summary>
/// <param name="User">The user.</param>
/// <param name="State">Offline, away or online.</param>
/// <param name="LastSeen">The last user activity; null for never.</param>
public readonly record struct Presence(UserId User, PresenceState State, DateTimeOffset? LastSeen);
