using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatKit.AspNetCore.Health;

/// <summary>Healthy when the store answers in time.</summary>
internal sealed class ChatKitHealthCheck(
    IStoreIdentity store, TimeProvider time, IOptions<ChatKitWebOptions> options, ILogger<ChatKitHealthCheck> logger) : IHealthCheck
{
    public const string Name = "chatkit";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var limit = options.Value.HealthTimeout;
        using var late = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            // WaitAsync besides the token: a store that hangs does not hear it.
            await store.GetInfoAsync(either.Token).AsTask().WaitAsync(either.Token);
            return HealthCheckResult.Healthy("The store answers.");
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"The store did not answer within {limit}.");
        }
        catch (ChatStoreException exception)
        {
            DoorLog.HealthCheckFailed(logger, exception);
            return new HealthCheckResult(context.Registration.FailureStatus, "The store cannot answer.");
        }
    }
}
