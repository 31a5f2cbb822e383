namespace ChatKit;

/// <summary>One live connection of a device.</summary>
public readonly record struct SessionId
{
    /// <summary>Creates a session id.</summary>
    /// <param name="value">1 to 128 UTF-8 bytes, no control characters.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is empty, too long or malformed.</exception>
    public SessionId(string value) => Value = IdRules.Check(value, "session id");

    /// <summary>The text.</summary>
    public string Value { get; }

    /// <inheritdoc/>
    public override string ToString() => Value ?? "";
}
