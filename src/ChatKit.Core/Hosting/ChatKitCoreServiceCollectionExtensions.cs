using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using ChatKit;
using ChatKit.Delivery;
using ChatKit.Diagnostics;
using ChatKit.Groups;
using ChatKit.Hosting;
using ChatKit.InMemory;
using ChatKit.LastSeen;
using ChatKit.Messaging;
using ChatKit.Notifications;
using ChatKit.Sessions;
using ChatKit.Users;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the engine without a door.</summary>
public static class ChatKitCoreServiceCollectionExtensions
{
    /// <summary>Registers the engine: for workers and tests that chat through <see cref="IChatKit"/> only. Web apps call <c>AddChatKit()</c> of ChatKit.AspNetCore.
    /// Safe to call twice. A store must follow (<c>UseLiteDb</c>, <c>UsePostgres</c>); the host does not start without one. Logging is the host's.</summary>
    /// <param name="services">The host's services.</param>
    /// <returns>The builder that adapters extend.</returns>
    public static IChatKitBuilder AddChatKitCore(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var builder = new ChatKitBuilder(services);
        if (services.Any(service => service.ServiceType == typeof(EngineHost)))
        {
            return builder;
        }

        services.AddOptions<ChatKitOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ChatKitOptions>, ChatKitOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ChatKitOptions>, PlugValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IChatAuthorizer, AllowSignedInUsers>();
        services.TryAddSingleton<IUserDirectory, IdsAsNames>();
        services.TryAddSingleton<IBackplane, InMemoryBackplane>();
        services.TryAddSingleton<NodeIdentity>();
        services.TryAddSingleton<SessionTable>();
        services.TryAddSingleton(provider => new ChatKitMetrics(provider.GetService<IMeterFactory>()));

        Add<MembershipService>(services);
        Add<GroupDirectoryRebuild>(services);
        services.TryAddSingleton<IGroupDirectoryRebuild>(provider => provider.GetRequiredService<GroupDirectoryRebuild>());
        Add<Dispatcher>(services);
        Add<ReceiptService>(services);
        Add<ReceiptQueries>(services);
        Add<CommandPreparer>(services);
        Add<WriteBatchProcessor>(services);
        Add<MessageWriter>(services);
        Add<HistoryService>(services);
        Add<ConversationService>(services);
        Add<ConversationPresenter>(services);
        Add<PresenceService>(services);
        Add<TypingService>(services);
        Add<LogPuller>(services);
        Add<PumpServices>(services);
        Add<SessionServices>(services);
        Add<RevocationSweep>(services);
        Add<SessionManager>(services);
        Add<Drain>(services);
        Add<SyncPoll>(services);
        Add<UnreadTeller>(services);
        Add<NodeDelivery>(services);
        Add<ChatKitService>(services);
        services.TryAddSingleton<IChatKit>(provider => provider.GetRequiredService<ChatKitService>());

        Host<EngineHost>(services);
        Host<Maintenance>(services);
        Host<FeedReader>(services);
        Host<NotificationService>(services);
        return builder;
    }

    /// <summary>By a factory, so that a missing store is named by the start's validation, not by the container's.</summary>
    private static void Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(IServiceCollection services)
        where T : class => services.TryAddSingleton(provider => ActivatorUtilities.CreateInstance<T>(provider));

    private static void Host<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(IServiceCollection services)
        where T : class, IHostedService
    {
        Add<T>(services);
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<T>());
    }
}
