using ChatKit.Wire;

namespace ChatKit.AspNetCore.Http.Contracts;

/// <summary>Whether users are there.</summary>
internal sealed record PresenceResponse(IReadOnlyList<WirePresence> Presence);
