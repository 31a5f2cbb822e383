namespace ChatKit.Storage.Postgres;

/// <summary>The schema the store needs, for those who run migrations themselves.</summary>
public static class PostgresSchema
{
    /// <summary>The version of the schema this package uses.</summary>
    public static int Version => Migrations.All.Count;

    /// <summary>The SQL script that creates or updates the schema: run it with <c>psql -v ON_ERROR_STOP=1</c> as a role that may create schemas
    /// (or owns the schema) before a host with this package starts. It is one transaction
    /// and refuses to run on another version, so running it twice changes nothing.</summary>
    /// <param name="schema">The schema; see <see cref="PostgresOptions.Schema"/>.</param>
    /// <param name="fromVersion">The version that is there: 0 for none. See <c>schema_version</c>.</param>
    /// <returns>The script.</returns>
    /// <exception cref="ArgumentException"><paramref name="schema"/> is no name of a schema.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="fromVersion"/> is not 0 to <see cref="Version"/>.</exception>
    public static string Script(string schema = "chatkit", int fromVersion = 0)
    {
        if (!SchemaName.IsValid(schema))
        {
            throw new ArgumentException($"A schema's name has {SchemaName.Rule}.", nameof(schema));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(fromVersion);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fromVersion, Version);
        return MigrationScript.Create(schema, fromVersion);
    }
}
