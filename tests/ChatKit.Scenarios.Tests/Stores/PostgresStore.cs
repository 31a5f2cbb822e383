using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.Storage.Postgres;
using ChatKit.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ChatKit.Scenarios.Tests.Stores;

/// <summary>A database of its own on the server all tests share, copied from one whose schema is ready.</summary>
internal sealed class PostgresStore : ITestStore
{
    private static readonly Lazy<Task<string>> Template = new(MakeTemplateAsync);

    private PostgresServer server = null!;
    private string database = "";

    public string ConnectionString => server.ConnectionString(database, "Maximum Pool Size=16");

    public async Task CreateAsync()
    {
        server = await PostgresServer.SharedAsync();
        database = await server.CreateDatabaseAsync("template " + await Template.Value);
    }

    /// <summary>The same as it is now, as from a backup. No host may be on it meanwhile.</summary>
    public async Task<PostgresStore> CopyAsync() =>
        new() { server = server, database = await server.CreateDatabaseAsync("template " + database) };

    public void Use(IChatKitBuilder chat)
    {
        chat.UsePostgres(ConnectionString);
        chat.Services.AddSingleton<IHostedService, TestClock>();
    }

    public async ValueTask DisposeAsync()
    {
        if (database.Length > 0)
        {
            await server.ExecuteAsync($"drop database {database} with (force)");
        }
    }

    private static async Task<string> MakeTemplateAsync()
    {
        var server = await PostgresServer.SharedAsync();
        var name = await server.CreateDatabaseAsync();
        var options = new PostgresOptions { ConnectionString = server.ConnectionString(name, "Pooling=false") };
        await using var database = new PostgresDatabase(Options.Create(options), TimeProvider.System);
        await database.StartAsync(TestContext.Current.CancellationToken);
        return name;
    }

    /// <summary>Where a test sets the host's clock, it sets the store's.</summary>
    private sealed class TestClock(PostgresDatabase database, TimeProvider time) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken)
        {
            database.ClockOverride = time == TimeProvider.System ? null : time;
            return Task.CompletedTask;
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
