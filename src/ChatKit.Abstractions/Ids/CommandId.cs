namespace ChatKit;

/// <summary>The id a client gives to a command that writes the log, the same on every retry (ARCHITECTURE, rule 5).</summary>
public readonly record struct CommandId
{
    /// <summary>Creates a command id from its text.</summary>
    /// <param name="value">1 to 128 UTF-8 bytes, no control characters; unique for its sender and conversation.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is empty, too long or malformed.</exception>
    public CommandId(string value) => Value = IdRules.Check(value, "command id");

    /// <summary>The text.</summary>
    public string Value { get; }

    /// <summary>A fresh command id.</summary>
    /// <returns>An id nobody else has.</returns>
    public static CommandId New() => new(Guid.CreateVersion7().ToString("N"));

    /// <inheritdoc/>
    public override string ToString() => Value ?? "";
}
