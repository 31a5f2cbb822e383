using System.Globalization;
using System.Text;

namespace ChatKit.Storage.Postgres;

/// <summary>The migrations as one script: what the store runs at start, and what <see cref="PostgresSchema.Script"/> hands out.</summary>
internal static class MigrationScript
{
    private const string Check = """
        do $check$
        declare
            v_version int := 0;
        begin
            if not exists (select from pg_namespace where nspname = '{name}') then
                create schema {schema};
            end if;

            if exists (select from pg_tables where schemaname = '{name}' and tablename = 'schema_version') then
                select max(version) into v_version from {schema}.schema_version;
            end if;

            if v_version <> {from} then
                raise exception 'The schema is at version % and this script begins at version {from}: nothing was changed.', v_version;
            end if;
        end
        $check$;

        create table if not exists {schema}.schema_version (
            version int primary key,
            name text not null,
            applied_at timestamptz not null default now()
        );

        """;

    public static string Create(string schema, int from) =>
        $"""
        -- ChatKit: the schema {schema} from version {from} to {PostgresSchema.Version}.
        begin;
        select pg_advisory_xact_lock({SchemaName.MigrationLock(schema)});
        {Body(schema, from)}commit;

        """;

    /// <summary>The script without its transaction and its lock.</summary>
    public static string Body(string schema, int from)
    {
        var script = new StringBuilder(SchemaName.Fill(Check, schema).Replace("{name}", schema, StringComparison.Ordinal).Replace("{from}", from.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        foreach (var (version, name, sql) in Migrations.All.Where(migration => migration.Version > from))
        {
            script.Append(SchemaName.Fill(sql, schema))
                .Append(CultureInfo.InvariantCulture, $"\ninsert into \"{schema}\".schema_version (version, name) values ({version}, '{name}');\n\n");
        }

        return script.ToString();
    }
}
