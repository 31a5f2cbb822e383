namespace ChatKit.Client;

/// <summary>Watched users came, went, or fell idle.</summary>
/// <param name="Presence">One a user.</param>
public sealed record PresenceUpdated(IReadOnlyList<Presence> Presence) : ChatEvent;
