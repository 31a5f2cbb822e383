using System.Collections.Concurrent;
using System.Diagnostics;
using ChatKit.Tests.Shared;
using Npgsql;

namespace ChatKit.Storage.Postgres.Tests;

/// <summary>A server of its own that is killed, stopped and blocked.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private PostgresServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await PostgresServer.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    /// <summary>The promise over all: what was accepted is there after kill -9, at its Seq, in a dense log; and callers ride it out.</summary>
    /// <summary>A server that ends the session over trouble of its own says nothing of the call: it may be made again.</summary>
    [Theory]
    [InlineData("FATAL", true)]
    [InlineData("ERROR", false)]
    public void An_internal_error_is_transient_when_it_ended_the_session(string severity, bool transient)
    {
        var fault = Assert.IsType<ChatStoreException>(Faults.Translate(new PostgresException("could not write init file", severity, severity, PostgresErrorCodes.InternalError)));
        Assert.Equal(transient, fault.IsTransient);
    }

    [Fact]
    public async Task Appends_ride_out_a_killed_server_and_lose_nothing()
    {
        await using var store = await OpenAsync(TimeSpan.FromMinutes(2));
        var chats = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Chat.CreateAsync(store.Messages)));
        var accepted = new ConcurrentBag<(ConversationId Id, CommandId Command, AppendResult Result)>();
        using var done = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 6).Select(n => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                AppendRequest[] batch = [.. Enumerable.Range(0, 5).Select(k => chats[(n + k) % 3].Request())];
                var results = await store.Messages.AppendAsync(batch, Token);
                for (var k = 0; k < batch.Length; k++)
                {
                    accepted.Add((batch[k].Conversation, batch[k].Command, results[k]));
                }
            }
        })).ToArray();
        for (var round = 1; round <= 3; round++)
        {
            await UntilAsync(() => accepted.Count >= round * 100);
            await _server.KillAsync();
            await _server.StartAgainAsync();
        }

        var before = accepted.Count;
        await UntilAsync(() => accepted.Count >= before + 100);
        await done.CancelAsync();
        await Task.WhenAll(writers);

        Assert.All(accepted, item => Assert.True(item.Result.Outcome is AppendOutcome.Appended or AppendOutcome.Duplicate));
        foreach (var chat in chats)
        {
            var log = await chat.ReadAsync();
            Assert.Equal(Enumerable.Range(1, log.Count).Select(n => (long)n), log.Select(entry => entry.Seq));
            Assert.All(accepted.Where(item => item.Id == chat.Id), item => Assert.Equal(item.Command, log[(int)item.Result.Seq - 1].Command));
        }

        Assert.Equal(accepted.Count + 3, chats.Sum(chat => chat.ReadAsync().GetAwaiter().GetResult().Count));
    }

    /// <summary>A store that is down refuses after a bounded wait, with a fault that says it may succeed later; and it comes back by itself.</summary>
    [Fact]
    public async Task A_server_that_is_down_is_a_transient_fault_after_a_bounded_wait()
    {
        await using var store = await OpenAsync(TimeSpan.FromSeconds(1));
        var chat = await Chat.CreateAsync(store.Messages);
        await _server.StopAsync();
        var request = chat.Request();
        var clock = Stopwatch.StartNew();
        var fault = await Assert.ThrowsAsync<ChatStoreException>(() => chat.SendAsync(request));
        Assert.True(fault.IsTransient);
        Assert.IsAssignableFrom<NpgsqlException>(fault.InnerException);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"It took {clock.Elapsed}.");
        await Assert.ThrowsAsync<ChatStoreException>(() => chat.ReadAsync());
        await _server.StartAgainAsync();
        Assert.Equal(2, (await chat.SendAsync(request)).Seq);
    }

    /// <summary>A host may start before its database does.</summary>
    [Fact]
    public async Task A_start_waits_for_the_server()
    {
        await _server.StopAsync();
        var starting = OpenAsync(TimeSpan.FromSeconds(1));
        await _server.StartAgainAsync();
        await using var store = await starting;
        Assert.Equal(2, (await (await Chat.CreateAsync(store.Messages)).SendAsync()).Seq);
    }

    /// <summary>A lock held too long is a transient fault, and what waited for it is not stored.</summary>
    [Fact]
    public async Task A_long_lock_is_a_transient_fault()
    {
        await using var store = await OpenAsync(TimeSpan.Zero, TimeSpan.FromSeconds(1));
        var chat = await Chat.CreateAsync(store.Messages);
        await using (var connection = await _server.OpenAsync())
        await using (var transaction = await connection.BeginTransactionAsync(Token))
        {
            await using var hold = new NpgsqlCommand("select from chatkit.conversations for update", connection);
            await hold.ExecuteNonQueryAsync(Token);
            Assert.True((await Assert.ThrowsAsync<ChatStoreException>(() => chat.SendAsync())).IsTransient);
        }

        Assert.Equal(2, (await chat.SendAsync()).Seq);
    }

    /// <summary>Rule 4: who stops waiting leaves the batch to the server.</summary>
    [Fact]
    public async Task A_cancelled_append_is_stored_all_the_same()
    {
        await using var store = await OpenAsync(TimeSpan.FromSeconds(5));
        var chat = await Chat.CreateAsync(store.Messages);
        using var cancellation = new CancellationTokenSource();
        await using (var connection = await _server.OpenAsync())
        await using (var transaction = await connection.BeginTransactionAsync(Token))
        {
            await using var hold = new NpgsqlCommand("select from chatkit.conversations for update", connection);
            await hold.ExecuteNonQueryAsync(Token);
            var appending = store.Messages.AppendAsync([chat.Request()], cancellation.Token).AsTask();
            await UntilAsync(() => _server.ScalarAsync<long>("select count(*) from pg_locks where not granted").GetAwaiter().GetResult() > 0);
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => appending);
        }

        await UntilAsync(() => chat.ReadAsync().GetAwaiter().GetResult().Count == 2);
    }

    /// <summary>A transaction of the host's is his: rolled back, it takes no message with it.</summary>
    [Fact]
    public async Task An_ambient_transaction_is_not_joined()
    {
        await using var store = await OpenAsync(TimeSpan.FromSeconds(5));
        var chat = await Chat.CreateAsync(store.Messages);
        using (new System.Transactions.TransactionScope(System.Transactions.TransactionScopeAsyncFlowOption.Enabled))
        {
            await chat.SendAsync();
        }

        Assert.Equal(2, (await chat.ReadAsync()).Count);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Token);
        }
    }

    private Task<OpenStore> OpenAsync(TimeSpan retry, TimeSpan? timeout = null) => OpenStore.OpenAsync(
        _server.ConnectionString(), "chatkit", configure: options =>
        {
            options.MaxRetryTime = retry;
            options.CommandTimeout = timeout ?? options.CommandTimeout;
        });
}
