using System.Collections.Concurrent;
using System.Diagnostics;
using ChatKit.Storage.Testing;
using ChatKit.Tests.Shared;

namespace ChatKit.Storage.Postgres.Tests.Conformance;

/// <summary>A schema of its own a test, on the one server of the process; the test's clock instead of the server's. Schemas are emptied and
/// used again: making one costs more than most tests.</summary>
internal static class PostgresHarness
{
    private static readonly ConcurrentBag<Storage> Free = [];
    private static readonly string Worker = Path.Combine(AppContext.BaseDirectory, "ChatKit.Storage.Postgres.Worker");

    public static async ValueTask<StorageHarness> CreateAsync(TimeProvider time)
    {
        var server = await PostgresServer.SharedAsync();
        if (!Free.TryTake(out var storage))
        {
            var schema = PostgresServer.NewName();
            storage = new Storage(server, schema, await OpenAsync(server, schema));
        }

        return Harness(storage, time);
    }

    private static Task<OpenStore> OpenAsync(PostgresServer server, string schema) =>
        OpenStore.OpenAsync(ConnectionString(server, schema), schema);

    private static string ConnectionString(PostgresServer server, string schema) =>
        server.ConnectionString(more: $"Maximum Pool Size=16;Application Name={schema}");

    private static StorageHarness Harness(Storage storage, TimeProvider time)
    {
        storage.Store.Database.ClockOverride = time;
        return new StorageHarness(storage.Store.Plugs)
        {
            Reopen = async () =>
            {
                await storage.Store.DisposeAsync();
                return Harness(storage with { Store = await OpenAsync(storage.Server, storage.Schema) }, time);
            },
            Close = async () =>
            {
                await storage.EmptyAsync();
                Free.Add(storage);
            },
            Worker = new StorageWorkerProcess
            {
                Start = () => new ProcessStartInfo(Worker, [ConnectionString(storage.Server, storage.Schema), storage.Schema]),
                SharesStorage = true,
            },
        };
    }

    private sealed record Storage(PostgresServer Server, string Schema, OpenStore Store)
    {
        public async Task EmptyAsync()
        {
            // Whoever stopped waiting may have left a write behind: it must not fall into the next test.
            while (await Server.ScalarAsync<long>($"select count(*) from pg_stat_activity where application_name = '{Schema}' and state <> 'idle'") > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
            }

            await Server.ExecuteAsync($"""
                do $$
                declare
                    t record;
                begin
                    for t in select tablename from pg_tables where schemaname = '{Schema}' and tablename not in ('meta', 'schema_version') loop
                        execute format('delete from {Schema}.%I', t.tablename);
                    end loop;
                end
                $$
                """);
        }
    }
}
