namespace ChatKit.Load.Running;

/// <summary>A server to measure.</summary>
/// <param name="Name">As on the command line and in the tables.</param>
/// <param name="Kind">The role's kind.</param>
/// <param name="Store">Of ChatKit: the store.</param>
/// <param name="NeedsPostgres">Whether PostgreSQL must run.</param>
internal sealed record Target(string Name, string Kind, string Store, bool NeedsPostgres)
{
    private static readonly Target[] All =
    [
        new("relay", "relay", "", false),
        new("hub", "hub", "", true),
        new("memory", "chatkit", "memory", false),
        new("litedb", "chatkit", "litedb", false),
        new("postgres", "chatkit", "postgres", true),
    ];

    /// <summary>Variables of the host's environment.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; } = [];

    /// <summary>This tool of another build, whose host is to be measured; null: of this one.</summary>
    public string? Program { get; init; }

    /// <param name="name"><c>name</c>, <c>name+VARIABLE=value</c> or <c>name@path/to/another/ChatKit.Load</c>: a server, with another setting, of another build.</param>
    public static Target Parse(string name)
    {
        var parts = name.Split('+');
        var which = parts[0].Split('@', 2);
        var target = Array.Find(All, target => target.Name == which[0])
            ?? throw new ArgumentException($"There is no server {which[0]}: {string.Join(", ", All.Select(target => target.Name))}.");
        return target with
        {
            Name = name,
            Program = which.Length > 1 ? which[1] : null,
            Settings = [.. parts[1..].Select(part => part.Split('=', 2) is [var variable, var value]
                ? KeyValuePair.Create(variable, value) : throw new ArgumentException($"'{part}' is not VARIABLE=value."))],
        };
    }
}
