using ChatKit.Tests.Shared;

namespace ChatKit.Storage.Postgres.Tests;

/// <summary>Tests of a store in a schema of its own on the shared server.</summary>
public abstract class StoreTests : IAsyncLifetime
{
    private PostgresServer? _server;
    private OpenStore? _store;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected PostgresServer Server => _server ?? throw new InvalidOperationException("The test has not begun.");

    private protected OpenStore Store => _store ?? throw new InvalidOperationException("The test has not begun.");

    private protected string Schema { get; } = PostgresServer.NewName();

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.SharedAsync();
        _store = await OpenStore.OpenAsync(_server.ConnectionString(), Schema);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await Server.ExecuteAsync($"drop schema {Schema} cascade");
        GC.SuppressFinalize(this);
    }
}
