using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ChatKit.Mixing;

/// <summary>An adapter in a container of its own, so that two of a kind do not share options and connections. It starts and stops with the host.</summary>
internal sealed class PlugSource : IHostedLifecycleService, IDisposable, IAsyncDisposable
{
    private static readonly Type[] OfHost =
        [typeof(TimeProvider), typeof(ILoggerFactory), typeof(IConfiguration), typeof(IHostEnvironment), typeof(IHostApplicationLifetime)];

    private readonly ServiceProvider provider;
    private readonly IHostedService[] hosted;

    public PlugSource(IServiceProvider host, IServiceCollection adapter)
    {
        var services = new ServiceCollection();
        foreach (var service in adapter)
        {
            ((ICollection<ServiceDescriptor>)services).Add(service);
        }

        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        foreach (var type in OfHost)
        {
            if (host.GetService(type) is { } instance)
            {
                services.AddSingleton(type, instance);
            }
        }

        provider = services.BuildServiceProvider();
        hosted = [.. provider.GetServices<IHostedService>()];
    }

    public object? Get(Type type) => provider.GetService(type);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        provider.GetService<IStartupValidator>()?.Validate();
        foreach (var service in hosted.OfType<IHostedLifecycleService>())
        {
            await service.StartingAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var service in hosted)
        {
            await service.StartAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var service in hosted.OfType<IHostedLifecycleService>())
        {
            await service.StartedAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        foreach (var service in hosted.Reverse().OfType<IHostedLifecycleService>())
        {
            await service.StoppingAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var service in hosted.Reverse())
        {
            await service.StopAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        foreach (var service in hosted.Reverse().OfType<IHostedLifecycleService>())
        {
            await service.StoppedAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => provider.Dispose();

    public ValueTask DisposeAsync() => provider.DisposeAsync();
}
