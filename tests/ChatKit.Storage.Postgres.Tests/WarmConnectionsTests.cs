using ChatKit.Tests.Shared;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace ChatKit.Storage.Postgres.Tests;

/// <summary>Which of the open connections is used next, and how many are kept from others who share the pool.</summary>
public sealed class WarmConnectionsTests : IAsyncLifetime
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider time = new();
    private PostgresServer? server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => server = await PostgresServer.SharedAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_connection_used_last_is_used_next()
    {
        await using var source = Source(maxPoolSize: 40);
        using var warm = new WarmConnections(source, time);
        await UseAtOnceAsync(warm, 12);

        var used = new HashSet<int>();
        for (var call = 0; call < 20; call++)
        {
            used.Add((await UseAtOnceAsync(warm, 1))[0]);
        }

        Assert.Single(used);
    }

    [Fact]
    public async Task All_go_back_to_the_pool_after_a_while_also_those_in_use_then()
    {
        await using var source = Source(maxPoolSize: 16);
        using var warm = new WarmConnections(source, time);
        await UseAtOnceAsync(warm, 4);
        var (busy, age) = await warm.TakeAsync(Token);
        Assert.Equal(4, await OutOfPoolAsync(source, 16));

        time.Advance(Kept);
        Assert.Equal(1, await OutOfPoolAsync(source, 16));
        await warm.Return(busy, age);
        Assert.Equal(0, await OutOfPoolAsync(source, 16));
    }

    [Fact]
    public async Task A_connection_that_is_used_all_the_time_goes_back_too()
    {
        await using var source = Source(maxPoolSize: 16);
        using var warm = new WarmConnections(source, time);
        for (var second = 0; second < Kept.TotalSeconds; second++)
        {
            await UseAtOnceAsync(warm, 1);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(0, await OutOfPoolAsync(source, 16));
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(8, 2)]
    [InlineData(40, 4)]
    public async Task At_most_a_quarter_of_the_pool_is_kept(int maxPoolSize, int kept)
    {
        await using var source = Source(maxPoolSize);
        using var warm = new WarmConnections(source, time);
        await UseAtOnceAsync(warm, Math.Min(maxPoolSize, 6));

        Assert.Equal(kept, await OutOfPoolAsync(source, maxPoolSize));
    }

    [Fact]
    public async Task After_the_end_nothing_is_kept()
    {
        await using var source = Source(maxPoolSize: 16);
        var warm = new WarmConnections(source, time);
        await UseAtOnceAsync(warm, 4);
        var (busy, age) = await warm.TakeAsync(Token);
        warm.Dispose();
        await warm.Return(busy, age);

        Assert.Equal(0, await OutOfPoolAsync(source, 16));
    }

    private static async Task<int[]> UseAtOnceAsync(WarmConnections warm, int count)
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, count).Select(async _ => await warm.TakeAsync(Token)));
        int[] processes = [.. taken.Select(static one => one.Connection.ProcessID)];
        foreach (var (connection, age) in taken)
        {
            await warm.Return(connection, age);
        }

        return processes;
    }

    /// <summary>How many of the pool's connections somebody has: so many of all that may be open cannot be had.</summary>
    private static async Task<int> OutOfPoolAsync(NpgsqlDataSource source, int maxPoolSize)
    {
        var open = new List<NpgsqlConnection>();
        try
        {
            while (open.Count < maxPoolSize)
            {
                open.Add(await source.OpenConnectionAsync(Token));
            }
        }
        catch (NpgsqlException exception) when (exception.InnerException is TimeoutException)
        {
            // The pool is exhausted.
        }

        foreach (var connection in open)
        {
            await connection.DisposeAsync();
        }

        return maxPoolSize - open.Count;
    }

    private NpgsqlDataSource Source(int maxPoolSize) =>
        NpgsqlDataSource.Create(server!.ConnectionString(more: $";Maximum Pool Size={maxPoolSize};Timeout=1"));
}
