using Npgsql;

namespace ChatKit.Storage.Postgres;

/// <summary>Which database the store uses and how. Read once, when the store is first used.</summary>
public sealed class PostgresOptions
{
    /// <summary>The connection string, as Npgsql reads it. Ignored when <see cref="DataSource"/> is set.</summary>
    /// <value>Default empty; this or <see cref="DataSource"/> is required.</value>
    public string ConnectionString { get; set; } = "";

    /// <summary>A data source of the host's, instead of a connection string. The host keeps and disposes it. Up to four of its connections, at most a quarter of its
    /// pool, stay with the store for up to 10 seconds.</summary>
    /// <value>Default null.</value>
    public NpgsqlDataSource? DataSource { get; set; }

    /// <summary>The schema that holds everything of ChatKit and nothing else. Hosts that share it share their chats.</summary>
    /// <value>1 to 48 lower-case letters, digits and underscores, beginning with a letter; default <c>chatkit</c>.</value>
    public string Schema { get; set; } = "chatkit";

    /// <summary>Whether the schema is created and updated at start. Without it the start only checks, and fails when the schema is not up to
    /// date; <see cref="PostgresSchema.Script"/> is the script to run.</summary>
    /// <value>Default true.</value>
    public bool Migrate { get; set; } = true;

    /// <summary>Whether a server that may lose accepted messages in a crash (<c>fsync</c> off) is used all the same, with a warning.</summary>
    /// <value>Default false: the start fails.</value>
    public bool AllowUnsafeServer { get; set; }

    /// <summary>How long a call may go on trying after transient faults (the server restarts, a fail-over, a deadlock) before it fails with a
    /// transient <see cref="ChatStoreException"/>.</summary>
    /// <value>0 to 5 minutes; default 5 seconds.</value>
    public TimeSpan MaxRetryTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one statement may take, waiting for locks included.</summary>
    /// <value>1 second to 10 minutes; default 15 seconds.</value>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the start waits for a server that is not there yet.</summary>
    /// <value>0 to 1 hour; default 30 seconds.</value>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the idempotency key of a command is kept after its entry was trimmed, from the time it was accepted.
    /// Clients give up resending after 14 days.</summary>
    /// <value>15 days to 10 years; default 30 days.</value>
    public TimeSpan CommandKeyLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Whether statements are prepared on each connection. Switch it off behind a pooler that hands connections out by transaction
    /// and cannot keep prepared statements (PgBouncer before 1.21).</summary>
    /// <value>Default true.</value>
    public bool PrepareStatements { get; set; } = true;
}
