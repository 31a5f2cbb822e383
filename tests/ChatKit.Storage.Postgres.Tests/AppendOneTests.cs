using ChatKit.Tests.Shared;
using Npgsql;

namespace ChatKit.Storage.Postgres.Tests;

/// <summary>The statement for a lone message takes only what it can judge, also when another append is under way.</summary>
public sealed class AppendOneTests : StoreTests
{
    private AppendOne One => Store.Get<PostgresMessageStore>().One;

    /// <summary>Rule 4: what it cannot judge leaves no trace, and takes no number.</summary>
    [Fact]
    public async Task ItStores_nothing_it_cannot_judge()
    {
        var chat = await Chat.CreateAsync(Store.Messages);
        var sent = chat.Request();
        Assert.Equal(new { Outcome = AppendOutcome.Appended, Seq = 2L }, (await One.TryAppendAsync(sent, Token)) is { } result ? new { result.Outcome, result.Seq } : null);
        Assert.Null(await One.TryAppendAsync(sent, Token));
        Assert.Null(await One.TryAppendAsync(chat.Request(version: 2), Token));
        Assert.Null(await One.TryAppendAsync(new Chat(Store.Messages, ConversationId.NewGroup()).Request(), Token));
        Assert.Equal(3, (await chat.SendAsync()).Seq);
        Assert.Equal([1, 2, 3], (await chat.ReadAsync()).Select(entry => entry.Seq));
    }

    /// <summary>Rule 5: a resend that waits for the commit of the first one gets its result.</summary>
    [Fact]
    public async Task A_resend_that_races_the_first_is_a_duplicate()
    {
        var chat = await Chat.CreateAsync(Store.Messages);
        var request = chat.Request();
        var result = await SendBehindAsync(chat, request, static _ => Task.CompletedTask);
        Assert.Equal((AppendOutcome.Duplicate, 2), (result.Outcome, result.Seq));
        Assert.Equal(2, (await chat.ReadAsync()).Count);
    }

    /// <summary>Rule 5: keys live longer than bodies, also those that were trimmed while a resend waited.</summary>
    [Fact]
    public async Task A_resend_that_waits_while_the_first_isStored_and_trimmed_is_a_duplicate()
    {
        var chat = await Chat.CreateAsync(Store.Messages);
        var request = chat.Request();
        var result = await SendBehindAsync(chat, request, async connection =>
        {
            Assert.NotNull(await One.ExecuteAsync(connection, chat.Request()));
            await using var trim = new NpgsqlCommand($"select {Schema}.trim_chunk(null, '', '{chat.Id.Value}', 2, 100, interval '30 days')", connection);
            await trim.ExecuteNonQueryAsync(Token);
        });
        Assert.Equal((AppendOutcome.Duplicate, 2), (result.Outcome, result.Seq));
        Assert.Equal([3], (await chat.ReadAsync()).Select(entry => entry.Seq));
    }

    /// <summary>Rule 7: members that changed while it waited for the head are compared.</summary>
    [Fact]
    public async Task A_change_of_members_it_waited_for_makes_it_stale()
    {
        var chat = await Chat.CreateAsync(Store.Messages);
        var result = await SendBehindAsync(chat, null, async connection =>
        {
            await using var append = new NpgsqlCommand(Store.Get<PostgresMessageStore>().AppendSql, connection);
            new AppendBatch([chat.Request(EntryKind.Membership)]).Bind(append.Parameters, null);
            await append.ExecuteNonQueryAsync(Token);
        });
        Assert.Equal((AppendOutcome.StaleMembership, 3), (result.Outcome, result.MembershipVersion));
    }

    /// <summary>Sends a message while a transaction that has stored one (the same, if given) and done something more is open; then commits that.</summary>
    private async Task<AppendResult> SendBehindAsync(Chat chat, AppendRequest? same, Func<NpgsqlConnection, Task> more)
    {
        await using var connection = await Server.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(Token);
        Assert.NotNull(await One.ExecuteAsync(connection, same ?? chat.Request()));
        await more(connection);
        var sending = chat.SendAsync(same);
        while (!await Server.ScalarAsync<bool>($"select exists (select from pg_stat_activity where {connection.ProcessID} = any (pg_blocking_pids(pid)))"))
        {
            Assert.False(sending.IsCompleted, "It did not wait.");
        }

        await transaction.CommitAsync(Token);
        return await sending;
    }
}
