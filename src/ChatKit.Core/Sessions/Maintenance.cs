using ChatKit.Groups;
using ChatKit.LastSeen;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatKit.Sessions;

/// <summary>What is due by the clock: typing that ends, away, stuck connections, the node's lease, last seen, forgotten devices.</summary>
internal sealed class Maintenance(
    SessionTable sessions, TypingService typing, PresenceService presence, MembershipService memberships, ISessionRegistry registry,
    IDeviceDirectory devices, RevocationSweep revocations, IRelayQueue relay, NodeIdentity node, TimeProvider time, IOptions<ChatKitOptions> options,
    ILogger<Maintenance> logger) : BackgroundService
{
    private const int ForgetAtOnce = 500;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TrimEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromHours(1);

    private DateTimeOffset renewAt;
    private DateTimeOffset saveAt;
    private DateTimeOffset trimAt;
    private DateTimeOffset forgetAt;
    private DateTimeOffset checkAt;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await TryAsync(() => presence.SaveAsync(cancellationToken)).ConfigureAwait(false);
        await TryAsync(() => registry.RemoveNodeAsync(node.Id, cancellationToken)).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        try
        {
            do
            {
                await RunDueAsync(stoppingToken).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async ValueTask RunDueAsync(CancellationToken cancellationToken)
    {
        typing.Sweep();
        presence.Sweep();
        foreach (var session in sessions.All)
        {
            session.Pump.CutIfStuck(options.Value.SlowConsumerTimeout);
        }

        var now = time.GetUtcNow();
        if (now >= renewAt)
        {
            renewAt = now + (options.Value.NodeLease / 3);
            await TryAsync(() => RenewAsync(cancellationToken)).ConfigureAwait(false);
        }

        await TryAsync(() => presence.SaveArrivalsAsync(cancellationToken)).ConfigureAwait(false);
        if (now >= saveAt)
        {
            saveAt = now + SaveEvery;
            await TryAsync(() => presence.SaveAsync(cancellationToken)).ConfigureAwait(false);
        }

        if (now >= checkAt)
        {
            checkAt = now + options.Value.DeviceCheckInterval;
            await TryAsync(() => revocations.RunAsync(cancellationToken)).ConfigureAwait(false);
        }

        if (now >= trimAt)
        {
            trimAt = now + TrimEvery;
            memberships.Trim();
        }

        if (now >= forgetAt)
        {
            forgetAt = now + ForgetEvery;
            await TryAsync(() => ForgetDevicesAsync(now, cancellationToken)).ConfigureAwait(false);
        }
    }

    /// <summary>A lease that ran out took our sessions with it: they are put again.</summary>
    private async ValueTask RenewAsync(CancellationToken cancellationToken)
    {
        if (!await registry.RenewNodeAsync(node.Id, options.Value.NodeLease, cancellationToken).ConfigureAwait(false))
        {
            await registry.PutAsync([.. sessions.All.Select(session => session.Record)], cancellationToken).ConfigureAwait(false);
            presence.TellAll();
        }

        await presence.SweepLeasesAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Devices that are connected have been seen, however long ago they connected; the rest is forgotten (rule 8).</summary>
    private async ValueTask ForgetDevicesAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var session in sessions.All)
        {
            await devices.TouchAsync(session.Device, now, cancellationToken).ConfigureAwait(false);
        }

        IReadOnlyList<DeviceId> forgotten;
        do
        {
            forgotten = await devices.ForgetAsync(now - options.Value.DeviceForgottenAfter, ForgetAtOnce, cancellationToken).ConfigureAwait(false);
            if (forgotten.Count > 0)
            {
                await relay.ForgetAsync(forgotten, cancellationToken).ConfigureAwait(false);
            }
        }
        while (forgotten.Count == ForgetAtOnce);
    }

    private async ValueTask TryAsync(Func<ValueTask> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (ChatStoreException exception)
        {
            SessionsLog.MaintenanceFailed(logger, exception);
        }
    }
}
