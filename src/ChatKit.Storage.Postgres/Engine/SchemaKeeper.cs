using Microsoft.Extensions.Logging;
using Npgsql;

namespace ChatKit.Storage.Postgres;

/// <summary>What is done before the first use: is the server fit, is the schema up to date, is the database still the one it was.</summary>
internal static class SchemaKeeper
{
    private const int MinMajor = 14;

    public static async Task PrepareAsync(NpgsqlConnection connection, PostgresOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        CheckVersion(connection.PostgreSqlVersion);
        await CheckServerAsync(connection, options, logger, cancellationToken).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        var version = await ReadVersionAsync(connection, options.Schema, cancellationToken).ConfigureAwait(false);
        if (version < PostgresSchema.Version && options.Migrate)
        {
            version = await MigrateAsync(connection, options, logger, cancellationToken).ConfigureAwait(false);
        }

        CheckSchema(version, options.Schema);
        await CheckOriginAsync(connection, options.Schema, logger, cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    internal static void CheckVersion(Version version)
    {
        if (version.Major < MinMajor)
        {
            throw new ChatStoreException($"The chat database runs PostgreSQL {version}: ChatKit needs {MinMajor} or later.", isTransient: false);
        }
    }

    private static async Task CheckServerAsync(NpgsqlConnection connection, PostgresOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        await using var command = Command(connection,
            "select current_setting('server_encoding'), current_setting('fsync'), current_setting('synchronous_commit'), pg_is_in_recovery()");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        var encoding = reader.GetString(0);
        if (encoding != "UTF8")
        {
            throw new ChatStoreException($"The chat database is encoded in {encoding}: create it with encoding UTF8.", isTransient: false);
        }

        if (reader.GetBoolean(3))
        {
            throw new ChatStoreException(
                "The chat database is a standby that cannot write: connect to the primary (Target Session Attributes=primary).", isTransient: true);
        }

        if (reader.GetString(1) == "off")
        {
            if (!options.AllowUnsafeServer)
            {
                throw new ChatStoreException(
                    "The server of the chat database has fsync off and may lose accepted messages: switch it on, or set PostgresOptions.AllowUnsafeServer.",
                    isTransient: false);
            }

            Log.UnsafeServer(logger, "fsync");
        }

        if (reader.GetString(2) == "off")
        {
            // Appends switch it on for themselves; what else is written (marks, cursors) may be lost in a crash.
            Log.UnsafeServer(logger, "synchronous_commit");
        }
    }

    private static async Task<int> ReadVersionAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        // Not to_regclass: it may answer from a cache that does not know yet what another session committed while this one waited.
        await using var exists = Command(connection, FormattableString.Invariant(
            $"select exists (select from pg_tables where schemaname = '{schema}' and tablename = 'schema_version')"));
        if (!(bool)(await exists.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!)
        {
            return 0;
        }

        await using var command = Command(connection, SchemaName.Fill("select coalesce(max(version), 0) from {schema}.schema_version", schema));
        return (int)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    private static async Task<int> MigrateAsync(
        NpgsqlConnection connection, PostgresOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        await using (var wait = Command(connection, FormattableString.Invariant($"select pg_advisory_xact_lock({SchemaName.MigrationLock(options.Schema)})")))
        {
            await wait.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }

        // Another host may have migrated while this one waited.
        var from = await ReadVersionAsync(connection, options.Schema, cancellationToken).ConfigureAwait(false);
        if (from < PostgresSchema.Version)
        {
            await using var migrate = Command(connection, MigrationScript.Body(options.Schema, from));
            migrate.CommandTimeout = 0;
            await migrate.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            Log.Migrated(logger, options.Schema, from, PostgresSchema.Version);
            from = PostgresSchema.Version;
        }

        return from;
    }

    private static void CheckSchema(int version, string schema)
    {
        if (version > PostgresSchema.Version)
        {
            throw new ChatStoreException(
                $"The schema {schema} was migrated by a newer ChatKit (version {version}; this one knows {PostgresSchema.Version}): update ChatKit.Storage.Postgres.",
                isTransient: false);
        }

        if (version < PostgresSchema.Version)
        {
            throw new ChatStoreException(
                $"The schema {schema} is at version {version} and this ChatKit needs {PostgresSchema.Version}: run PostgresSchema.Script(\"{schema}\", {version}), or set PostgresOptions.Migrate.",
                isTransient: false);
        }
    }

    private static async Task CheckOriginAsync(NpgsqlConnection connection, string schema, ILogger logger, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, SchemaName.Fill(
            "update {schema}.meta set incarnation = gen_random_uuid()::text, origin = {schema}.origin() where origin <> {schema}.origin()", schema));
        if (await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) > 0)
        {
            Log.NewIncarnation(logger);
        }
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql) => new(sql, connection);
}
