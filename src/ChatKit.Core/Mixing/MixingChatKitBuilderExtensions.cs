using ChatKit;
using ChatKit.Hosting;
using ChatKit.Mixing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Takes single plugs of a ChatKit host from another adapter than the rest.</summary>
public static class MixingChatKitBuilderExtensions
{
    /// <summary>Takes some plugs from an adapter, whatever gives the others, and whichever is called first: groups in a database of their own,
    /// bytes in another store. Where two calls name a plug, the last one counts.
    /// The adapter gets a container of its own with the host's clock, logging, configuration, environment and lifetime, so one kind of adapter may be used
    /// twice with other settings; its options are those given here, and it starts and stops with the host.
    /// What lies in two databases is not changed in one transaction: docs/mixing.md says what that costs.</summary>
    /// <param name="builder">What <c>AddChatKit()</c> returned.</param>
    /// <param name="plugs">The plugs to take; at least one.</param>
    /// <param name="adapter">Calls the adapter, for example <c>groups =&gt; groups.UseLiteDb("groups.db")</c>.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="adapter"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="plugs"/> names none or an unknown one, or the adapter does not bring one of them.</exception>
    public static IChatKitBuilder UseFor(this IChatKitBuilder builder, ChatPlugs plugs, Action<IChatKitBuilder> adapter)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(adapter);
        if (plugs == ChatPlugs.None || (plugs & ~PlugTypes.Every) != 0)
        {
            throw new ArgumentException("Name at least one plug, for example ChatPlugs.Groups.", nameof(plugs));
        }

        var brought = new ServiceCollection();
        adapter(new ChatKitBuilder(brought));
        foreach (var type in PlugTypes.Required(plugs))
        {
            if (!Brings(brought, type))
            {
                throw new ArgumentException($"The adapter brings no {type.Name}.", nameof(adapter));
            }
        }

        var services = builder.Services;
        var key = new object();
        services.AddKeyedSingleton(key, (host, _) => new PlugSource(host, brought));
        services.AddSingleton<IHostedService>(host => host.GetRequiredKeyedService<PlugSource>(key));
        foreach (var type in PlugTypes.Required(plugs).Concat(PlugTypes.Optional(plugs)))
        {
            // Of an optional role that is missing a null takes the place: that of another store would be wrong.
            services.RemoveAll(type);
            services.AddSingleton(type, host => host.GetRequiredKeyedService<PlugSource>(key).Get(type)!);
        }

        return builder;
    }

    private static bool Brings(ServiceCollection services, Type type) => services.Any(service => service.ServiceType == type && !service.IsKeyedService);
}
