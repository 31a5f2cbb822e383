using System.Globalization;

namespace ChatKit.Storage.Benchmarks;

/// <summary>What the command line says.</summary>
internal sealed record BenchOptions
{
    public List<string> Stores { get; } = [];

    public TimeSpan Duration { get; private set; } = TimeSpan.FromSeconds(5);

    public int Conversations { get; private set; } = 2_000;

    public string? Connection { get; private set; }

    public (int Batch, int Callers)? Only { get; private set; }

    /// <summary>How many entries the store holds at each step of the growth; empty when appends are measured.</summary>
    public IReadOnlyList<long> Scale { get; private set; } = [];

    /// <summary>Where the picture of the growth goes.</summary>
    public string? Plot { get; private set; }

    public static BenchOptions Parse(string[] arguments)
    {
        var options = new BenchOptions();
        for (var i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--seconds":
                    options.Duration = TimeSpan.FromSeconds(double.Parse(arguments[++i], CultureInfo.InvariantCulture));
                    break;
                case "--conversations":
                    options.Conversations = int.Parse(arguments[++i], CultureInfo.InvariantCulture);
                    break;
                case "--connection":
                    options.Connection = arguments[++i];
                    break;
                case "--only":
                    var parts = arguments[++i].Split('x');
                    options.Only = (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
                    break;
                case "--scale":
                    options.Scale = [.. arguments[++i].Split(',').Select(static size => long.Parse(size, CultureInfo.InvariantCulture))];
                    break;
                case "--plot":
                    options.Plot = arguments[++i];
                    break;
                case "memory" or "litedb" or "postgres":
                    options.Stores.Add(arguments[i]);
                    break;
                default:
                    throw new ArgumentException($"Unknown argument {arguments[i]}: see README.md.");
            }
        }

        if (options.Stores.Count == 0)
        {
            options.Stores.Add("postgres");
        }

        return options;
    }
}
