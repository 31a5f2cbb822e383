namespace ChatKit.Storage.Testing.Sequences;

/// <summary>A store did something else than its model; the message has the shortest sequence found that shows it, and how to replay it.</summary>
internal sealed class SequenceFailedException(string message, int steps, Exception innerException) : Exception(message, innerException)
{
    /// <summary>How many steps the shortest sequence has.</summary>
    public int Steps { get; } = steps;
}
