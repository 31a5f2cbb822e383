namespace ChatKit.Testing;

/// <summary>SplitMix64: numbers that depend on the seed and on nothing else.</summary>
internal sealed class SeededDraw(long seed)
{
    private ulong state = unchecked((ulong)seed);

    public ulong Next()
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            var z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <returns>At least <paramref name="from"/>, less than <paramref name="to"/>.</returns>
    public int Next(int from, int to) => from + (int)(Next() % (ulong)Math.Max(1, to - from));

    /// <returns>True in so many of 100 cases.</returns>
    public bool Percent(int percent) => Next(0, 100) < percent;

    public T Pick<T>(IReadOnlyList<T> from) => from[Next(0, from.Count)];
}
