namespace ChatKit.Storage.Testing.Sequences;

/// <summary>The numbers a step is made with.</summary>
internal sealed class Dice(IReadOnlyList<int> numbers)
{
    private int _next;

    /// <summary>A number from 0 below <paramref name="sides"/>; 0 is the simplest.</summary>
    public int Next(int sides) => _next < numbers.Count ? numbers[_next++] % sides : 0;

    /// <summary>Whether something happens that happens once in so many times; rarely is never the simplest.</summary>
    public bool OnceIn(int times) => Next(times) == times - 1;

    public T Pick<T>(params ReadOnlySpan<T> items) => items[Next(items.Length)];
}
