using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.Storage.Benchmarks;

internal sealed class BenchBuilder(IServiceCollection services) : IChatKitBuilder
{
    public IServiceCollection Services { get; } = services;
}
