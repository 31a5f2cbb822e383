using ChatKit.Tests.Shared;
using Npgsql;

namespace ChatKit.Storage.Postgres.Tests;

/// <summary>Rule 10: the feed never skips a late commit, and nobody waits for anybody else to commit.</summary>
public sealed class FeedTests : StoreTests
{
    /// <summary>How an append takes its positions.</summary>
    public enum Way
    {
        /// <summary>By the statement for one message.</summary>
        Alone,

        /// <summary>By the function, judged as a whole.</summary>
        Batch,

        /// <summary>By the function, with nothing that can be judged as a whole: the same command twice.</summary>
        ItemByItem,
    }

    /// <summary>An append that has its positions and has not committed holds the readers back, not the writers, wherever the other one's rows lie.</summary>
    [Theory]
    [InlineData(Way.Alone)]
    [InlineData(Way.Batch)]
    [InlineData(Way.ItemByItem)]
    public async Task A_reader_stops_before_an_append_that_is_held_open(Way way)
    {
        var (late, early) = (await Chat.CreateAsync(Store.Messages), await Chat.CreateAsync(Store.Messages));
        var end = (await InfoAsync()).FeedEnd;
        await using var connection = await Server.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await AppendAsync(connection, late.Request(), way);
        Assert.Equal(2, (await early.SendAsync()).Seq);

        var page = await Store.Messages.ReadFeedAsync(end, 10, Token);
        Assert.Empty(page.Items);
        Assert.Equal(end, page.Next);
        Assert.Equal(end, (await InfoAsync()).FeedEnd);

        await transaction.CommitAsync(Token);
        page = await Store.Messages.ReadFeedAsync(end, 10, Token);
        Assert.Equal([late.Id, early.Id], page.Items.Select(item => item.Conversation));
        Assert.Equal(page.Next, (await InfoAsync()).FeedEnd);
    }

    /// <summary>What an aborted append took is a hole, not a wall.</summary>
    [Theory]
    [InlineData(Way.Alone)]
    [InlineData(Way.Batch)]
    [InlineData(Way.ItemByItem)]
    public async Task A_reader_goes_on_over_an_append_that_is_rolled_back(Way way)
    {
        var (gone, stays) = (await Chat.CreateAsync(Store.Messages), await Chat.CreateAsync(Store.Messages));
        var end = (await InfoAsync()).FeedEnd;
        await using var connection = await Server.OpenAsync();
        await using (var transaction = await connection.BeginTransactionAsync(Token))
        {
            await AppendAsync(connection, gone.Request(), way);
            await stays.SendAsync();
            Assert.Empty((await Store.Messages.ReadFeedAsync(end, 10, Token)).Items);
            await transaction.RollbackAsync(Token);
        }

        Assert.Equal([stays.Id], (await Store.Messages.ReadFeedAsync(end, 10, Token)).Items.Select(item => item.Conversation));
        Assert.Equal(2, (await gone.SendAsync()).Seq);
    }

    /// <summary>A session that is killed leaves no lock behind.</summary>
    [Theory]
    [InlineData(Way.Alone)]
    [InlineData(Way.Batch)]
    [InlineData(Way.ItemByItem)]
    public async Task A_reader_goes_on_over_a_session_that_is_cut(Way way)
    {
        var (gone, stays) = (await Chat.CreateAsync(Store.Messages), await Chat.CreateAsync(Store.Messages));
        var end = (await InfoAsync()).FeedEnd;
        await using var connection = await Server.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await AppendAsync(connection, gone.Request(), way);
        await stays.SendAsync();
        await Server.ExecuteAsync($"select pg_terminate_backend({connection.ProcessID}, 30000)");
        Assert.Equal([stays.Id], (await Store.Messages.ReadFeedAsync(end, 10, Token)).Items.Select(item => item.Conversation));
    }

    /// <summary>A long transaction of somebody else, and another schema's held-open append, stall nothing.</summary>
    [Fact]
    public async Task Foreign_transactions_stall_nothing()
    {
        var schema = PostgresServer.NewName();
        await using var other = await OpenStore.OpenAsync(Server.ConnectionString(), schema);
        var foreign = await Chat.CreateAsync(other.Messages);
        var chat = await Chat.CreateAsync(Store.Messages);
        var end = (await InfoAsync()).FeedEnd;
        await using var connection = await Server.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using (var write = new NpgsqlCommand("create temporary table held (n int); select pg_advisory_xact_lock(1)", connection))
        {
            await write.ExecuteNonQueryAsync(Token);
        }

        await AppendAsync(connection, foreign.Request(), Way.Batch, other);
        await chat.SendAsync();
        Assert.Single((await Store.Messages.ReadFeedAsync(end, 10, Token)).Items);
        await transaction.RollbackAsync(Token);
        await Server.ExecuteAsync($"drop schema {schema} cascade");
    }

    /// <summary>A conversation that was deleted by hand is passed over, and holds nobody up.</summary>
    [Fact]
    public async Task A_conversation_that_is_no_more_is_passed_over()
    {
        var (gone, stays) = (await Chat.CreateAsync(Store.Messages), await Chat.CreateAsync(Store.Messages));
        var end = (await InfoAsync()).FeedEnd;
        await gone.SendAsync();
        await stays.SendAsync();
        await Server.ExecuteAsync($"delete from {Schema}.conversations where id = '{gone.Id.Value}'");

        var row = Assert.Single((await Store.Messages.ReadFeedAsync(end, 2, Token)).Items);
        Assert.Equal(stays.Id, row.Conversation);
        var page = await Store.Messages.ReadFeedAsync(end, 1, Token);
        Assert.Empty(page.Items);
        Assert.Equal(row, Assert.Single((await Store.Messages.ReadFeedAsync(page.Next, 1, Token)).Items));
    }

    /// <summary>A message is flushed before its append returns, whatever the session is set to.</summary>
    [Theory]
    [InlineData(Way.Alone)]
    [InlineData(Way.Batch)]
    [InlineData(Way.ItemByItem)]
    public async Task An_append_is_flushed_also_where_synchronous_commit_is_off(Way way)
    {
        Assert.Equal("on", await Server.ScalarAsync<string>("show fsync"));
        Assert.Equal("on", await Server.ScalarAsync<string>("show synchronous_commit"));
        var chat = await Chat.CreateAsync(Store.Messages);
        await using var connection = new NpgsqlConnection(Server.ConnectionString(more: "Pooling=false;Options=-c synchronous_commit=off"));
        await connection.OpenAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using var show = new NpgsqlCommand("show synchronous_commit", connection);
        Assert.Equal("off", await show.ExecuteScalarAsync(Token));
        await AppendAsync(connection, chat.Request(), way);
        Assert.Equal("on", await show.ExecuteScalarAsync(Token));
    }

    private async Task<StoreInfo> InfoAsync() => await Store.Get<IStoreIdentity>().GetInfoAsync(Token);

    private async Task AppendAsync(NpgsqlConnection connection, AppendRequest request, Way way, OpenStore? store = null)
    {
        if (way == Way.Alone)
        {
            Assert.Equal(AppendOutcome.Appended, (await Store.Get<PostgresMessageStore>().One.ExecuteAsync(connection, request))?.Outcome);
            return;
        }

        await using var command = new NpgsqlCommand((store ?? Store).Get<PostgresMessageStore>().AppendSql, connection);
        new AppendBatch(way == Way.Batch ? [request] : [request, request]).Bind(command.Parameters, null);
        await command.ExecuteNonQueryAsync(Token);
    }
}
