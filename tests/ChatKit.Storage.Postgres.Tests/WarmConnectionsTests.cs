using ChatKit.Tests.Shared;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace ChatKit.Storage.Postgres.Tests;

/// <summary>Which of the open connections is used next, and how many are kept from others who share the pool.</summary>
public sealed class WarmConnectionsTests : IAsyncLifetime
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

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
    public async Task Those_that_nobody_uses_go_back_to_the_pool()
    {
        await using var source = Source(maxPoolSize: 16);
        using var warm = new WarmConnections(source, time);
        await UseAtOnceAsync(warm, 4);
        Assert.Equal(4, await OutOfPoolAsync(source, 16));

        for (var second = 0; second < Idle.TotalSeconds; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await UseAtOnceAsync(warm, 1);
        }

        Assert.Equal(1, await OutOfPoolAsync(source, 16));
        time.Advance(Idle);
        time.Advance(Idle);
        Assert.Equal(0, await OutOfPoolAsync(source, 16));
    }

    [Fact]
    public async Task When_all_are_released_those_in_use_go_back_too()
    {
        await using var source = Source(maxPoolSize: 16);
        using var warm = new WarmConnections(source, time);
        await UseAtOnceAsync(warm, 4);
        var busy = await warm.TakeAsync(Token);

        warm.Release();
        Assert.Equal(1, await OutOfPoolAsync(source, 16));
        await warm.Return(busy);
        Assert.Equal(0, await OutOfPoolAsync(source, 16));
    }

    [Theory]
    [InlineData(3600, 300)]
    [InlineData(60, 60)]
    [InlineData(0, 300)]
    public async Task A_connection_that_is_used_all_the_time_goes_back_after_minutes_or_its_lifetime(int lifetime, int seconds)
    {
        await using var source = Source(maxPoolSize: 16, $";Connection Lifetime={lifetime}");
        using var warm = new WarmConnections(source, time);
        for (var second = 0; second < seconds; second++)
        {
            await UseAtOnceAsync(warm, 1);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, await OutOfPoolAsync(source, 16));
        await UseAtOnceAsync(warm, 1);
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
        var busy = await warm.TakeAsync(Token);
        warm.Dispose();
        await warm.Return(busy);

        Assert.Equal(0, await OutOfPoolAsync(source, 16));
    }

    private static async Task<int[]> UseAtOnceAsync(WarmConnections warm, int count)
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, count).Select(async _ => await warm.TakeAsync(Token)));
        int[] processes = [.. taken.Select(static one => one.Open.ProcessID)];
        foreach (var connection in taken)
        {
            await warm.Return(connection);
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

    private NpgsqlDataSource Source(int maxPoolSize, string more = "") =>
        NpgsqlDataSource.Create(server!.ConnectionString(more: $";Maximum Pool Size={maxPoolSize};Timeout=1{more}"));
}
