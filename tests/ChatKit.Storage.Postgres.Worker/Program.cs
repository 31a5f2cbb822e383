using ChatKit;
using ChatKit.Storage.Postgres.Worker;
using ChatKit.Storage.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// What the harness gave as arguments comes back here: connection string and schema.
return await StorageWorker.RunAsync(args, async own =>
{
    var services = new ServiceCollection();
    new WorkerBuilder(services).UsePostgres(own[0], options => options.Schema = own[1]);
    var provider = services.BuildServiceProvider();
    foreach (var hosted in provider.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
    {
        await hosted.StartingAsync(CancellationToken.None);
    }

    return provider.GetRequiredService<IMessageStore>();
});
