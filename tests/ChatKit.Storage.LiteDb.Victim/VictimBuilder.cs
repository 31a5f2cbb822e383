using ChatKit;
using Microsoft.Extensions.DependencyInjection;

internal sealed class VictimBuilder(IServiceCollection services) : IChatKitBuilder
{
    public IServiceCollection Services { get; } = services;
}
