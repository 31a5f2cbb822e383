using System.Data.Common;
using Npgsql;

namespace ChatKit.Storage.Postgres;

/// <summary>Defaults that suit the store, where the connection string says nothing.</summary>
internal static class ConnectionSettings
{
    private const int ConnectSeconds = 5;

    /// <summary>Every statement goes by keys, so the right plan is the same at every size: no whole table is read because it is still small, and nothing is
    /// planned anew because the arrays are longer today.</summary>
    private const string Plans = "set enable_seqscan = off; set plan_cache_mode = force_generic_plan; set jit = off";

    /// <param name="connectionString">How to connect.</param>
    /// <param name="keepsSessions">Whether a connection has a session of its own, and not one a pooler hands to others too.</param>
    public static NpgsqlDataSource CreateDataSource(string connectionString, bool keepsSessions)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (!new DbConnectionStringBuilder { ConnectionString = connectionString }.ContainsKey("Timeout"))
        {
            settings.Timeout = ConnectSeconds;
        }

        if (string.IsNullOrEmpty(settings.ApplicationName))
        {
            settings.ApplicationName = "ChatKit";
        }

        // The store leaves nothing behind in a session, and takes no part in a transaction of the host's.
        settings.NoResetOnClose = true;
        settings.Enlist = false;

        // Without the host's loggers: the driver logs every statement as information. Who wants that gives a data source.
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        if (keepsSessions)
        {
            builder.UsePhysicalConnectionInitializer(SetPlans, SetPlansAsync);
        }

        return builder.Build();
    }

    private static void SetPlans(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(Plans, connection);
        command.ExecuteNonQuery();
    }

    private static async Task SetPlansAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(Plans, connection);
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }
}
