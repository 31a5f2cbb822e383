namespace ChatKit;

/// <summary>One running host process.</summary>
public readonly record struct NodeId
{
    /// <summary>Creates a node id.</summary>
    /// <param name="value">1 to 128 UTF-8 bytes, no control characters; never used by two processes.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is empty, too long or malformed.</exception>
    public NodeId(string value) => Value = IdRules.Check(value, "node id");

    /// <summary>The text.</summary>
    public string Value { get; }

    /// <inheritdoc/>
    public override string ToString() => Value ?? "";
}
