namespace ChatKit.Client.Outbox;

/// <summary>Which conversation is the direct one with whom. The id can be computed only where the host has no tenants, which the wire does not
/// say; but an id of the server's that equals the computed one proves itself. Not thread-safe.</summary>
internal sealed class Directs
{
    private readonly Dictionary<string, string> conversations = new(StringComparer.Ordinal);

    /// <summary>The signed-in user, once known.</summary>
    public UserId? Me { get; set; }

    public string? Find(string user) => conversations.GetValueOrDefault(user);

    /// <summary>Returns whether it was news.</summary>
    public bool Learn(string user, string conversation) => conversations.TryAdd(user, conversation);

    /// <summary>What the id is if the host has no tenants; null before somebody is signed in.</summary>
    public string? Guess(string user) => Me is { } me ? ConversationId.Direct(me, new UserId(user)).Value : null;
}
