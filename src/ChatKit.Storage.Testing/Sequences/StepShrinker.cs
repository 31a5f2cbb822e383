namespace ChatKit.Storage.Testing.Sequences;

/// <summary>Simpler sequences than a failing one: fewer steps first, then simpler steps.</summary>
internal static class StepShrinker
{
    public static IEnumerable<Step[]> Shrink(Step[] steps)
    {
        for (var size = steps.Length; size > 0; size /= 2)
        {
            for (var start = 0; start < steps.Length; start += size)
            {
                yield return [.. steps[..start], .. steps[Math.Min(start + size, steps.Length)..]];
            }
        }

        for (var n = 0; n < steps.Length; n++)
        {
            foreach (var dice in ShrinkDice(steps[n].Dice))
            {
                yield return [.. steps[..n], steps[n] with { Dice = dice }, .. steps[(n + 1)..]];
            }
        }
    }

    private static IEnumerable<IReadOnlyList<int>> ShrinkDice(IReadOnlyList<int> dice)
    {
        for (var kept = 0; kept < dice.Count; kept = kept == 0 ? 1 : kept * 2)
        {
            yield return [.. dice.Take(kept)];
        }

        for (var n = 0; n < dice.Count; n++)
        {
            if (dice[n] != 0)
            {
                yield return [.. dice.Take(n), 0, .. dice.Skip(n + 1)];
            }
        }
    }
}
