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

    public static Target Parse(string name) =>
        Array.Find(All, target => target.Name == name)
        ?? throw new ArgumentException($"There is no server {name}: {string.Join(", ", All.Select(target => target.Name))}.");
}
