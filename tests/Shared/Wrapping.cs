using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.Tests.Shared;

/// <summary>Puts something of a test's before a plug of a host. Link this file into a test project.</summary>
internal static class Wrapping
{
    /// <summary>The last registration of the plug makes what is wrapped.</summary>
    public static void Wrap<T>(this IServiceCollection services, Func<T, T> wrap)
        where T : class
    {
        var real = services.Last(static service => service.ServiceType == typeof(T));
        services.Remove(real);
        services.AddSingleton(provider => wrap((T)(real.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, real.ImplementationType!))));
    }
}
