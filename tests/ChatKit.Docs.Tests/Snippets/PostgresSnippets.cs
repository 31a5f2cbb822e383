using ChatKit.Storage.Postgres;
using Npgsql;

namespace ChatKit.Docs.Tests.Snippets;

internal static class PostgresSnippets
{
    public static void Package(WebApplicationBuilder builder, string connectionString)
    {
        #region postgres
        builder.Services.AddChatKit().UsePostgres(connectionString);
        #endregion
    }

    public static void Guide(WebApplicationBuilder builder)
    {
        #region postgres-guide
        builder.Services.AddChatKit().UsePostgres("Host=db;Database=chat;Username=chat;Password=…");
        #endregion
    }

    public static void DataSource(WebApplicationBuilder builder, string connectionString)
    {
        #region postgres-data-source
        var dataSource = NpgsqlDataSource.Create(connectionString);
        builder.Services.AddChatKit().UsePostgres(dataSource, options => options.Schema = "messenger");
        #endregion
    }

    public static void Script()
    {
        #region postgres-script
        File.WriteAllText("chatkit.sql", PostgresSchema.Script());
        #endregion
    }
}
