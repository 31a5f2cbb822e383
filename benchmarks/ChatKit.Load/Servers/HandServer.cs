using ChatKit.Load.Measuring;
using ChatKit.Load.Running;
using ChatKit.Load.Scenarios;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ChatKit.Load.Servers;

/// <summary>The hand-written hub on PostgreSQL.</summary>
internal static class HandServer
{
    private const string Schema =
        """
        CREATE TABLE IF NOT EXISTS messages (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, conversation text NOT NULL, sender text NOT NULL, recipient text NOT NULL,
            client_id text NOT NULL, body text NOT NULL, sent_at timestamptz NOT NULL DEFAULT now());
        CREATE INDEX IF NOT EXISTS messages_conversation ON messages (conversation, id);
        CREATE INDEX IF NOT EXISTS messages_recipient ON messages (recipient, id);
        CREATE TABLE IF NOT EXISTS positions (recipient text PRIMARY KEY, last_id bigint NOT NULL);
        """;

    public static Action<WebApplication> Add(WebApplicationBuilder builder, Arguments arguments)
    {
        builder.Services.AddSignalR();
        builder.Services.AddSingleton<Presences>();
        builder.Services.AddSingleton(NpgsqlDataSource.Create(arguments.Text("postgres")));
        builder.Services.AddSingleton<IBenchBackend, Backend>();
        return app =>
        {
            using var command = app.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(Schema);
            command.ExecuteNonQuery();
            app.MapHub<HandHub>("/hub");
        };
    }

    private sealed class Backend(NpgsqlDataSource database, Presences presences) : IBenchBackend
    {
        public async Task<SeedReply> SeedAsync(SeedRequest request, CancellationToken cancellationToken)
        {
            for (var i = 0; i < request.Directs.Count && request.Backlog > 0; i++)
            {
                var pair = request.Directs[i];
                await using var command = database.CreateCommand(
                    """
                    INSERT INTO messages (conversation, sender, recipient, client_id, body)
                    SELECT $1 || '|' || $2, $1, $2, gen_random_uuid()::text, repeat('x', $3) FROM generate_series(1, $4)
                    """);
                command.Parameters.AddWithValue(pair[0]);
                command.Parameters.AddWithValue(pair[1]);
                command.Parameters.AddWithValue(request.TextBytes);
                command.Parameters.AddWithValue(request.Backlog / request.Directs.Count);
                await command.ExecuteNonQueryAsync(cancellationToken);
            }

            return PlainSeed.Apply(request, presences);
        }

        public async Task<RowCount> CountAsync(long after, CancellationToken cancellationToken)
        {
            await using var command = database.CreateCommand(
                after < 0 ? "SELECT 0::bigint, coalesce(max(id), 0) FROM messages" : "SELECT count(*), coalesce(max(id), 0) FROM messages WHERE id > $1");
            if (after >= 0)
            {
                command.Parameters.AddWithValue(after);
            }

            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            return new RowCount(reader.GetInt64(0), reader.GetInt64(1));
        }
    }
}
