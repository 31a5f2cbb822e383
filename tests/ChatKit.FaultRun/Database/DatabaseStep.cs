using System.Globalization;

namespace ChatKit.FaultRun;

/// <summary>One fault of the database.</summary>
/// <param name="At">When, from the beginning of the play.</param>
/// <param name="Fault">Which.</param>
/// <param name="Lasts">For how long; a cut lasts no time.</param>
internal sealed record DatabaseStep(TimeSpan At, DatabaseFault Fault, TimeSpan Lasts)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.TotalSeconds:0.000}s database {Fault} {Lasts.TotalMilliseconds:0} ms");
}
