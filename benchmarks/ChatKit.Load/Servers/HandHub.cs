using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using Npgsql;

namespace ChatKit.Load.Servers;

/// <summary>What a team writes by hand: insert, await, pass on.</summary>
[Authorize]
internal sealed class HandHub(NpgsqlDataSource database, Presences presences) : Hub
{
    public override Task OnConnectedAsync() => presences.ConnectedAsync(this);

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        presences.Disconnected(this);
        return Task.CompletedTask;
    }

    public async Task Send(string to, string id, string text)
    {
        var from = Context.UserIdentifier!;
        await using (var command = database.CreateCommand(
            "INSERT INTO messages (conversation, sender, recipient, client_id, body) VALUES ($1, $2, $3, $4, $5)"))
        {
            command.Parameters.AddWithValue(ConversationOf(from, to));
            command.Parameters.AddWithValue(from);
            command.Parameters.AddWithValue(to);
            command.Parameters.AddWithValue(id);
            command.Parameters.AddWithValue(text);
            await command.ExecuteNonQueryAsync(Context.ConnectionAborted);
        }

        if (to.StartsWith(PlainSeed.GroupPrefix, StringComparison.Ordinal))
        {
            await Clients.Group(to).SendAsync("message", from, id, text);
        }
        else if (presences.Find(to) is { } connection)
        {
            await Clients.Client(connection).SendAsync("message", from, id, text);
        }
    }

    public async Task<List<StoredMessage>> Pending()
    {
        await using var command = database.CreateCommand(
            """
            WITH taken AS (INSERT INTO positions (recipient, last_id) SELECT $1, coalesce(max(id), 0) FROM messages WHERE recipient = $1
                           ON CONFLICT (recipient) DO UPDATE SET last_id = excluded.last_id)
            SELECT id, sender, client_id, body FROM messages
            WHERE recipient = $1 AND id > coalesce((SELECT last_id FROM positions WHERE recipient = $1), 0) ORDER BY id
            """);
        command.Parameters.AddWithValue(Context.UserIdentifier!);
        await using var reader = await command.ExecuteReaderAsync(Context.ConnectionAborted);
        var result = new List<StoredMessage>();
        while (await reader.ReadAsync(Context.ConnectionAborted))
        {
            result.Add(new StoredMessage(reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetString(3)));
        }

        return result;
    }

    private static string ConversationOf(string from, string to) =>
        to.StartsWith(PlainSeed.GroupPrefix, StringComparison.Ordinal) ? to : string.CompareOrdinal(from, to) < 0 ? $"{from}|{to}" : $"{to}|{from}";
}
