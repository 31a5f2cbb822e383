namespace ChatKit.Wire;

/// <summary>The first call on a connection.</summary>
public sealed record HelloRequest
{
    /// <summary>The protocol versions the client speaks.</summary>
    public IReadOnlyList<int>? Versions { get; init; }

    /// <summary>The id of the device, chosen and kept by the client.</summary>
    public string? Device { get; init; }

    /// <summary>The store's incarnation the cursors are of; absent on the first connection.</summary>
    public string? Incarnation { get; init; }

    /// <summary>How far the device has persisted each conversation; the server takes the higher of its own and these.</summary>
    public IReadOnlyList<WireCursor>? Cursors { get; init; }

    /// <summary>Whether the app connects in the background: the connection never counts as user activity by itself.</summary>
    public bool Background { get; init; }
}
