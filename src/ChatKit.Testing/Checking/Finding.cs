namespace ChatKit.Testing;

/// <summary>A broken promise.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Device">Whose record shows it: <c>user/device</c>; empty when it takes several.</param>
/// <param name="Conversation">Where; null when it concerns none.</param>
/// <param name="Seq">The position; null when it concerns none.</param>
/// <param name="Message">One sentence.</param>
public sealed record Finding(FindingKind Kind, string Device, string? Conversation, long? Seq, string Message)
{
    /// <summary>One line.</summary>
    /// <returns>The line.</returns>
    public override string ToString() => $"{Kind}: {Device} {Conversation} {Seq}: {Message}";
}
