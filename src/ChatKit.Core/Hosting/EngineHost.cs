using ChatKit.Delivery;
using ChatKit.Messaging;
using ChatKit.Sessions;
using ChatKit.Users;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatKit.Hosting;

/// <summary>Starts the engine with the host, and stops it in the order in which nothing in flight is lost: clients told, commands answered,
/// cursors stored, hints out.</summary>
internal sealed class EngineHost(
    IBackplane backplane, NodeDelivery delivery, Drain drain, IHostApplicationLifetime lifetime, MessageWriter writer, ReceiptService receipts, Dispatcher dispatcher,
    IChatAuthorizer authorizer, NodeIdentity node, IOptions<ChatKitOptions> options, ILogger<EngineHost> logger) : IHostedLifecycleService
{
    /// <summary>A clock that stands still must not keep the process alive.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    private IAsyncDisposable? subscription;
    private CancellationTokenRegistration stopping;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        subscription = await backplane.SubscribeAsync(delivery, cancellationToken).ConfigureAwait(false);

        // A signal stops the application before the hosted services are asked, and SignalR then closes its connections. Callbacks run the last one first,
        // and the stop waits for them: so this one, which came after SignalR's, empties the host while it still answers.
        stopping = lifetime.ApplicationStopping.Register(() => drain.RunAsync().Wait(options.Value.DrainTimeout + Margin, CancellationToken.None));
        SessionsLog.NodeStarted(logger, node.Id);
        if (authorizer is AllowSignedInUsers)
        {
            MessagingLog.DefaultAuthorizer(logger);
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => drain.RunAsync().WaitAsync(cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.DisposeAsync().ConfigureAwait(false);
        await writer.DisposeAsync().ConfigureAwait(false);
        await receipts.DisposeAsync().ConfigureAwait(false);
        await dispatcher.DisposeAsync().ConfigureAwait(false);
        if (subscription is not null)
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
        }
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
