using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.Storage.Postgres.Tests;

internal sealed class TestBuilder(IServiceCollection services) : IChatKitBuilder
{
    public IServiceCollection Services { get; } = services;
}
