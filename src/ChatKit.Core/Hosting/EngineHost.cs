using ChatKit.Delivery;
using ChatKit.Messaging;
using ChatKit.Sessions;
using ChatKit.Users;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatKit.Hosting;

/// <summary>Starts the engine with the host, and stops it in the order in which nothing in flight is lost: clients told, commands answered,
/// cursors stored, hints out.</summary>
internal sealed class EngineHost(
    IBackplane backplane, NodeDelivery delivery, SessionManager sessions, MessageWriter writer, ReceiptService receipts, Dispatcher dispatcher,
    IChatAuthorizer authorizer, NodeIdentity node, ILogger<EngineHost> logger) : IHostedLifecycleService
{
    private IAsyncDisposable? subscription;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        subscription = await backplane.SubscribeAsync(delivery, cancellationToken).ConfigureAwait(false);
        SessionsLog.NodeStarted(logger, node.Id);
        if (authorizer is AllowSignedInUsers)
        {
            MessagingLog.DefaultAuthorizer(logger);
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        sessions.Drain();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
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
