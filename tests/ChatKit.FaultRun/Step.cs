using System.Globalization;

namespace ChatKit.FaultRun;

/// <summary>One step: a device does something to a place; numbers are taken modulo what there is when its turn comes.</summary>
internal sealed record Step(TimeSpan At, StepKind Kind, int Device, int Place, int Number)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.TotalSeconds:0.000}s {Kind} device {Device} place {Place} number {Number}");
}
