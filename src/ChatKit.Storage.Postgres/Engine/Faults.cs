using System.Net.Sockets;
using Npgsql;

namespace ChatKit.Storage.Postgres;

internal static class Faults
{
    /// <summary>What a caller gets for what came out of the driver.</summary>
    public static Exception Translate(Exception fault) => fault switch
    {
        ChatStoreException or OperationCanceledException or ArgumentException => fault,
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.InvalidSchemaName } e =>
            new ChatStoreException($"The chat schema is not there or not up to date ({e.SqlState}): let the host migrate it, or run PostgresSchema.Script().", isTransient: false, e),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } e =>
            new ChatStoreException("The role of the chat database lacks a permission: see docs/postgres.md.", isTransient: false, e),
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } e =>
            new ChatStoreException("The chat database refused the user or the password.", isTransient: false, e),
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } e =>
            new ChatStoreException("The chat database does not exist: create it, or name another in the connection string.", isTransient: false, e),
        PostgresException e => new ChatStoreException($"The chat database refused the operation ({e.SqlState}).", IsTransient(e), e),
        NpgsqlException { InnerException: TimeoutException } => new ChatStoreException("The chat database did not answer in time.", isTransient: true, fault),
        _ when IsTransient(fault) => new ChatStoreException("The chat database cannot be reached.", isTransient: true, fault),
        _ => new ChatStoreException("The chat database failed.", isTransient: false, fault),
    };

    /// <summary>Whether the same call may succeed later.</summary>
    public static bool IsTransient(Exception fault) => fault switch
    {
        // A session that the server ends over trouble of its own (no room for a catalogue's cache, for example) says nothing of the call.
        PostgresException { SqlState: PostgresErrorCodes.InternalError, InvariantSeverity: "FATAL" or "PANIC" } => true,
        PostgresException e => IsTransient(e.SqlState),
        NpgsqlException or IOException or SocketException or TimeoutException or ObjectDisposedException => true,
        _ => false,
    };

    /// <summary>Whether the server certainly did nothing: it said so while the session lived, and so rolled back.</summary>
    public static bool IsCertain(Exception fault) => fault is PostgresException { InvariantSeverity: "ERROR" };

    /// <summary>Whether other pooled connections are likely useless as well: the server went away, or is no longer the one that writes.</summary>
    public static bool LosesConnections(Exception fault) => fault switch
    {
        PostgresException e => e.SqlState is PostgresErrorCodes.ReadOnlySqlTransaction || e.SqlState.StartsWith("57P0", StringComparison.Ordinal),
        NpgsqlException { InnerException: TimeoutException } => false,
        NpgsqlException => true,
        _ => false,
    };

    private static bool IsTransient(string sqlState) => sqlState[..2] switch
    {
        // Connection exceptions, transaction rollbacks (deadlock, serialisation), insufficient resources (disk full, too many connections),
        // object not in the state (lock not available), operator intervention (shutdown, cancelled, starting up), system errors.
        "08" or "40" or "53" or "55" or "57" or "58" => true,
        _ => sqlState is PostgresErrorCodes.ReadOnlySqlTransaction,
    };
}
