using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChatKit;
using ChatKit.AspNetCore;
using ChatKit.AspNetCore.Health;
using ChatKit.AspNetCore.Hubs;
using ChatKit.AspNetCore.RateLimits;
using ChatKit.AspNetCore.Security;
using ChatKit.Sessions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds ChatKit to a host. A store comes with its own <c>UseX()</c>, for example <c>AddChatKit().UseLiteDb("data/chat.db")</c>;
/// <c>app.MapChatKit()</c> opens the door.</summary>
public static class ChatKitServiceCollectionExtensions
{
    /// <summary>Adds ChatKit: the engine, the SignalR hub, the HTTP endpoints' services, the health check <c>chatkit</c>, and antiforgery.
    /// Safe to call twice.</summary>
    /// <param name="services">The host's services.</param>
    /// <returns>The builder that stores and other adapters extend.</returns>
    public static IChatKitBuilder AddChatKit(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var builder = services.AddChatKitCore();
        if (services.Any(service => service.ServiceType == typeof(ChatKitMarker)))
        {
            return builder;
        }

        services.AddSingleton<ChatKitMarker>();
        services.AddOptions<ChatKitWebOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ChatKitWebOptions>, ChatKitWebOptionsValidator>());
        services.TryAddSingleton<ChatUsers>();
        services.TryAddSingleton<OriginPolicy>();
        services.TryAddSingleton<ChatGate>();
        services.TryAddSingleton<ConnectionCounts>();
        services.TryAddSingleton<ICommandLimiter>(provider => ActivatorUtilities.CreateInstance<CommandLimiter>(provider));
        services.TryAddSingleton<HubPaths>();
        services.TryAddSingleton<RenewalTickets>();
        services.TryAddSingleton<SignInRenewal>();
        services.AddAntiforgery();
        services.AddHealthChecks().AddCheck<ChatKitHealthCheck>(ChatKitHealthCheck.Name, tags: ["ready"]);
        AddHub(services);
        AddQueryToken(services);
        AddProblems(services);
        return builder;
    }

    /// <summary>Adds ChatKit with settings of the engine. Safe to call twice.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets the options; they are validated when the host starts.</param>
    /// <returns>The builder that stores and other adapters extend.</returns>
    public static IChatKitBuilder AddChatKit(this IServiceCollection services, Action<ChatKitOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var builder = services.AddChatKit();
        services.Configure(configure);
        return builder;
    }

    /// <summary>Adds ChatKit with settings from a configuration section: those of <see cref="ChatKitOptions"/> in the section itself, those of
    /// <see cref="ChatKitWebOptions"/> in its subsection <c>Web</c>. Safe to call twice.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The section, for example <c>builder.Configuration.GetSection("ChatKit")</c>. Validated when the host starts.</param>
    /// <returns>The builder that stores and other adapters extend.</returns>
    public static IChatKitBuilder AddChatKit(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var builder = services.AddChatKit();
        services.AddOptions<ChatKitOptions>().Bind(configuration);
        services.AddOptions<ChatKitWebOptions>().Bind(configuration.GetSection("Web"));
        return builder;
    }

    /// <summary>Sets the options of the door: claims, origins, limits of requests.</summary>
    /// <param name="builder">What <c>AddChatKit()</c> returned.</param>
    /// <param name="configure">Sets the options; they are validated when the host starts.</param>
    /// <returns>The same builder.</returns>
    public static IChatKitBuilder ConfigureWeb(this IChatKitBuilder builder, Action<ChatKitWebOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(configure);
        return builder;
    }

    /// <summary>Ours first, for our types only. An empty chain means reflection, and would not any more once we are in it.</summary>
    private static void AddWire(JsonSerializerOptions options)
    {
        if (options.TypeInfoResolverChain.Count == 0 && JsonSerializer.IsReflectionEnabledByDefault)
        {
            options.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver());
        }

        options.TypeInfoResolverChain.Insert(0, new WirePayload());
    }

    private static void AddHub(IServiceCollection services)
    {
        services.AddSignalR()
            .AddHubOptions<ChatHub>(_ => { })
            .AddJsonProtocol(json => AddWire(json.PayloadSerializerOptions));
        services.AddOptions<HubOptions<ChatHub>>().Configure<IOptions<ChatKitWebOptions>>((hub, web) =>
        {
            hub.MaximumReceiveMessageSize = web.Value.MaxFrameBytes;
            hub.MaximumParallelInvocationsPerClient = 1;
            hub.HandshakeTimeout = web.Value.HelloTimeout;
            hub.EnableDetailedErrors = false;
            hub.DisableImplicitFromServicesParameters = true;
        });
        services.AddSingleton<ChatHubConnections>();
        services.AddSingleton<HubCommands>();
        services.AddSingleton<HubConnectionSettings>();
        services.AddSingleton<HubLifetimeManager<ChatHub>, ChatHubLifetimeManager>();
        services.AddHostedService<ConnectionKeeper>();
    }

    /// <summary>The host's handler of refused authorizations stays what it is; a step after it writes the body it leaves out.</summary>
    private static void AddProblems(IServiceCollection services)
    {
        var present = services.LastOrDefault(service => service.ServiceType == typeof(IAuthorizationMiddlewareResultHandler) && !service.IsKeyedService);
        if (present is not null)
        {
            services.Remove(present);
        }

        services.AddSingleton<IAuthorizationMiddlewareResultHandler>(provider => new ProblemAuthorization(present switch
        {
            null => new AuthorizationMiddlewareResultHandler(),
            { ImplementationInstance: IAuthorizationMiddlewareResultHandler instance } => instance,
            { ImplementationFactory: { } make } => (IAuthorizationMiddlewareResultHandler)make(provider),
            _ => (IAuthorizationMiddlewareResultHandler)ActivatorUtilities.CreateInstance(provider, present.ImplementationType!),
        }));
    }

    /// <summary>The host's factory of request contexts stays what it is; a step before it takes the token out of the query.</summary>
    private static void AddQueryToken(IServiceCollection services)
    {
        var present = services.LastOrDefault(service => service.ServiceType == typeof(IHttpContextFactory) && !service.IsKeyedService);
        if (present is not null)
        {
            services.Remove(present);
        }

        services.AddSingleton<IHttpContextFactory>(provider => new QueryTokenContextFactory(
            Inner(provider, present), provider.GetRequiredService<HubPaths>(), provider.GetRequiredService<IOptions<ChatKitWebOptions>>()));

        static IHttpContextFactory Inner(IServiceProvider provider, ServiceDescriptor? present) => present switch
        {
            null => new DefaultHttpContextFactory(provider),
            { ImplementationInstance: IHttpContextFactory instance } => instance,
            { ImplementationFactory: { } make } => (IHttpContextFactory)make(provider),
            _ => (IHttpContextFactory)ActivatorUtilities.CreateInstance(provider, present.ImplementationType!),
        };
    }
}
