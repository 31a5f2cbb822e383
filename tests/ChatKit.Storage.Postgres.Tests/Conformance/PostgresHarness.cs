using ChatKit.Storage.Testing;
using ChatKit.Tests.Shared;

namespace ChatKit.Storage.Postgres.Tests.Conformance;

/// <summary>A schema of its own a test, on the one server of the process; the test's clock instead of the server's.</summary>
internal static class PostgresHarness
{
    public static async ValueTask<StorageHarness> CreateAsync(TimeProvider time)
    {
        var server = await PostgresServer.SharedAsync();
        return await OpenAsync(server, PostgresServer.NewName(), time);
    }

    private static async ValueTask<StorageHarness> OpenAsync(PostgresServer server, string schema, TimeProvider time)
    {
        var store = await OpenStore.OpenAsync(server.ConnectionString(more: "Maximum Pool Size=16"), schema, time);
        return new StorageHarness(store.Plugs)
        {
            Reopen = async () =>
            {
                await store.DisposeAsync();
                return await OpenAsync(server, schema, time);
            },
            Close = async () =>
            {
                await store.DisposeAsync();
                await server.ExecuteAsync($"drop schema {schema} cascade");
            },
        };
    }
}
