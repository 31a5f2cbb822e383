using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.Storage.Postgres.Worker;

internal sealed class WorkerBuilder(IServiceCollection services) : IChatKitBuilder
{
    public IServiceCollection Services { get; } = services;
}
