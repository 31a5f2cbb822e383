using ChatKit.Wire;

namespace ChatKit.Client;

/// <summary>An entry of a kind that has no event of its own yet (reaction, pin, details, commit, or one newer than this client).</summary>
/// <param name="Entry">The entry as the wire has it.</param>
public sealed record OtherEntryReceived(WireEntry Entry) : ChatEvent;
