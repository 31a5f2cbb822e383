using System.Data.Common;
using Npgsql;

namespace ChatKit.Storage.Postgres;

/// <summary>Defaults that suit the store, where the connection string says nothing.</summary>
internal static class ConnectionSettings
{
    private const int ConnectSeconds = 5;

    public static NpgsqlDataSource CreateDataSource(string connectionString)
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
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }
}
