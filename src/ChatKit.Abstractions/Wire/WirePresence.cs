namespace ChatKit.Wire;

/// <summary>Whether a user is there.</summary>
/// <param name="User">The user.</param>
/// <param name="State"><c>offline</c>, <c>away</c> or <c>online</c>.</param>
/// <param name="LastSeen">The last user activity; absent for never.</param>
public sealed record WirePresence(string User, string State, DateTimeOffset? LastSeen);
