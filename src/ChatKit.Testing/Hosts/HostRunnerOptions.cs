namespace ChatKit.Testing;

/// <summary>Which program a <see cref="HostRunner"/> runs.</summary>
public sealed record HostRunnerOptions
{
    /// <summary>What <see cref="Arguments"/> says for the port: replaced by 0 at the first start, then by the port the host got.</summary>
    public const string PortPlaceholder = "{port}";

    /// <summary>The program.</summary>
    /// <value>Default <c>dotnet</c>: the first argument is then the host's assembly.</value>
    public string Program { get; init; } = "dotnet";

    /// <summary>The arguments; <c>{port}</c> in them is replaced by the port, for example
    /// <c>["Shop.dll", "--urls", "http://127.0.0.1:{port}"]</c>.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Environment variables beside those of this process.</summary>
    /// <value>Default none.</value>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The working folder; null for that of this process.</summary>
    public string? WorkingFolder { get; init; }

    /// <summary>How long a start may take, until the host prints its address.</summary>
    /// <value>More than zero; default 30 s.</value>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many of the last lines of output are kept for the messages of failures.</summary>
    /// <value>1 to 100,000; default 200.</value>
    public int KeptLines { get; init; } = 200;
}
