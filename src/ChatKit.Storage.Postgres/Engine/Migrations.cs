namespace ChatKit.Storage.Postgres;

/// <summary>The embedded migrations, in their order: number n brings the schema from version n - 1 to n. Once released, one never changes.</summary>
internal static class Migrations
{
    private const string Prefix = "ChatKit.Storage.Postgres.Sql.";

    public static IReadOnlyList<(int Version, string Name, string Sql)> All { get; } = Load();

    private static (int Version, string Name, string Sql)[] Load()
    {
        var assembly = typeof(Migrations).Assembly;
        var names = assembly.GetManifestResourceNames().Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        return [.. names.Select((name, index) =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return (index + 1, name[Prefix.Length..], reader.ReadToEnd());
        })];
    }
}
