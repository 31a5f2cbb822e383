using ChatKit.Sessions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatKit.AspNetCore.Health;

/// <summary>Healthy when the store answers in time and the host is not stopping: readiness, not liveness.</summary>
internal sealed class ChatKitHealthCheck(
    IStoreIdentity store, SessionManager sessions, TimeProvider time, IOptions<ChatKitWebOptions> options, ILogger<ChatKitHealthCheck> logger) : IHealthCheck
{
    public const string Name = "chatkit";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (sessions.IsStopping)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "The host is stopping: send nobody here.");
        }

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
