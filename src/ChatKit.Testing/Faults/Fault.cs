using System.Globalization;

namespace ChatKit.Testing;

/// <summary>One fault of a <see cref="FaultScript"/>.</summary>
/// <param name="At">When, from the start of the script.</param>
/// <param name="Kind">What happens.</param>
/// <param name="Victim">To which of the connections open then: this number modulo their count, in the order in which they were made. Not negative.</param>
/// <param name="Duration">How long; zero for what happens at once.</param>
/// <param name="BytesPerSecond">Of <see cref="FaultKind.Throttle"/>: how much passes each way. Else 0.</param>
public sealed record Fault(TimeSpan At, FaultKind Kind, int Victim = 0, TimeSpan Duration = default, int BytesPerSecond = 0)
{
    /// <summary>One line, for example <c>0.350s HalfOpenUp victim 3 for 0.200s</c>.</summary>
    /// <returns>The line.</returns>
    public override string ToString()
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{At.TotalSeconds:0.000}s {Kind} victim {Victim}");
        text += Duration > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $" for {Duration.TotalSeconds:0.000}s") : "";
        return text + (BytesPerSecond > 0 ? string.Create(CultureInfo.InvariantCulture, $" at {BytesPerSecond} bytes/s") : "");
    }
}
