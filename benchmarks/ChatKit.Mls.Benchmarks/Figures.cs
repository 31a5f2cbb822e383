namespace ChatKit.Mls.Benchmarks;

/// <summary>Microseconds and bytes of one round, by operation.</summary>
internal sealed class Figures
{
    public static readonly string[] Operations =
        ["create", "join", "update", "process", "encrypt", "decrypt", "remove", "welcome bytes", "commit bytes", "message bytes", "state bytes", "delta bytes"];

    private readonly Dictionary<string, List<double>> _values = [];

    public void Add(string operation, double value)
    {
        if (!_values.TryGetValue(operation, out var list))
        {
            _values[operation] = list = [];
        }

        list.Add(value);
    }

    public double? Median(string operation)
    {
        if (!_values.TryGetValue(operation, out var list))
        {
            return null;
        }

        list.Sort();
        return list[list.Count / 2];
    }
}
