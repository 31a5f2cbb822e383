using System.Globalization;

namespace ChatKit.FaultRun;

/// <summary>What to run, as the command line says it.</summary>
internal sealed record RunOptions
{
    public const string Usage =
        "--seed N (1) --seeds M (1) --store memory|litedb|postgres (memory) --plant NAME --go-on --record FILE --weather off --kills off --script";

    public long Seed { get; init; } = 1;

    public int Seeds { get; init; } = 1;

    public string Store { get; init; } = "memory";

    /// <summary>The error planted into the host; null for none.</summary>
    public string? Plant { get; init; }

    /// <summary>Whether later seeds run after one that failed.</summary>
    public bool GoOn { get; init; }

    /// <summary>Where the records of the last seed go, and, with the seed behind the name, of those that fail; null for nowhere.</summary>
    public string? Record { get; init; }

    public bool Weather { get; init; } = true;

    public bool Kills { get; init; } = true;

    /// <summary>Whether the plan and the weather are printed.</summary>
    public bool Script { get; init; }

    /// <summary>How long the clients have at the end until everything is quiet and right.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    public bool IsDurable => Store != "memory";

    public static RunOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new RunOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            options = arguments[i] switch
            {
                "--go-on" => options with { GoOn = true },
                "--script" => options with { Script = true },
                "--seed" => options with { Seed = long.Parse(Value(), CultureInfo.InvariantCulture) },
                "--seeds" => options with { Seeds = int.Parse(Value(), CultureInfo.InvariantCulture) },
                "--store" => options with { Store = Value() },
                "--plant" => options with { Plant = Value() },
                "--record" => options with { Record = Value() },
                "--weather" => options with { Weather = Value() != "off" },
                "--kills" => options with { Kills = Value() != "off" },
                "--patience" => options with { Patience = TimeSpan.FromSeconds(double.Parse(Value(), CultureInfo.InvariantCulture)) },
                var other => throw new ArgumentException($"Unknown: {other}. {Usage}"),
            };

            string Value() => ++i < arguments.Count ? arguments[i] : throw new ArgumentException($"{arguments[i - 1]} needs a value. {Usage}");
        }

        return options.Store is "memory" or "litedb" or "postgres" ? options : throw new ArgumentException($"There is no store {options.Store}. {Usage}");
    }

    /// <summary>The one command line that runs this seed again.</summary>
    public string Replay(long seed) =>
        $"dotnet run -c Release --project tests/ChatKit.FaultRun -- --seed {seed} --store {Store}" + (Plant is null ? "" : $" --plant {Plant}")
        + (Weather ? "" : " --weather off") + (Kills ? "" : " --kills off");
}
