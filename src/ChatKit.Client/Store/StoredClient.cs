namespace ChatKit.Client.Store;

/// <summary>Whose store it is.</summary>
/// <param name="Format">The version of keys and values.</param>
/// <param name="User">The signed-in user.</param>
/// <param name="Incarnation">The server's store the positions are of.</param>
/// <param name="Generation">Which positions, messages and read marks count: a reset begins a new generation, and so forgets all of them at once.</param>
internal sealed record StoredClient(int Format, string? User, string? Incarnation, long Generation);
