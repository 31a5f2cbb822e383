using System.Globalization;
using ChatKit;
using ChatKit.Storage.Benchmarks;
using ChatKit.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

var options = BenchOptions.Parse(args);
if (options.Scale.Count > 0)
{
    Console.WriteLine(await ScaleBench.RunAsync(options.Scale, options.Duration, options.Plot));
    return;
}

var folder = Directory.CreateTempSubdirectory("chatkit-bench-");
PostgresServer? server = null;
try
{
    foreach (var name in options.Stores)
    {
        var services = new ServiceCollection();
        var builder = new BenchBuilder(services);
        switch (name)
        {
            case "memory":
                builder.UseInMemory();
                break;
            case "litedb":
                builder.UseLiteDb(Path.Combine(folder.FullName, "chat.db"));
                break;
            default:
                server = options.Connection is null ? await PostgresServer.StartAsync() : null;
                builder.UsePostgres(options.Connection ?? server!.ConnectionString());
                break;
        }

        await using var provider = services.BuildServiceProvider();
        var bench = new AppendBench(provider.GetRequiredService<IMessageStore>(), options.Conversations, server?.ProcessId);
        await bench.CreateAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{name}, {options.Conversations:N0} conversations\n"));
        Console.WriteLine("| messages a call | callers | messages/s | call p50 ms | p99 ms | own CPU us/message | PostgreSQL CPU us/message | bytes allocated a message |\n|---|---|---|---|---|---|---|---|");
        foreach (var batch in new[] { 1, 100, 1_000 })
        {
            foreach (var callers in new[] { 1, 4, 16 })
            {
                if (options.Only is null || options.Only == (batch, callers))
                {
                    Console.WriteLine(await bench.RunAsync(batch, callers, options.Duration));
                }
            }
        }
    }
}
finally
{
    if (server is not null)
    {
        await server.DisposeAsync();
    }

    folder.Delete(recursive: true);
}
