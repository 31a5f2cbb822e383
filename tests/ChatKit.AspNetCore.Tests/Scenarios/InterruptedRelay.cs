using ChatKit.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.AspNetCore.Tests.Scenarios;

/// <summary>The relay queue of a host, which lets a test do something in the middle of a device's Hello.</summary>
internal sealed class InterruptedRelay : IRelayQueue
{
    private IRelayQueue? inner;

    /// <summary>Done once, when this device's cursors are read or forgotten.</summary>
    public (string Device, Func<Task> Action)? Interruption { get; set; }

    private IRelayQueue Inner => inner ?? throw new InvalidOperationException("The host did not ask for it.");

    public void Wrap(IServiceCollection services) => services.Wrap<IRelayQueue>(wrapped =>
    {
        inner = wrapped;
        return this;
    });

    public ValueTask AdvanceAsync(IReadOnlyList<DeviceCursor> cursors, CancellationToken cancellationToken) => Inner.AdvanceAsync(cursors, cancellationToken);

    public async ValueTask<IReadOnlyList<DeviceCursor>> GetCursorsAsync(DeviceId device, CancellationToken cancellationToken)
    {
        await InterruptAsync(device);
        return await Inner.GetCursorsAsync(device, cancellationToken);
    }

    public async ValueTask ForgetAsync(IReadOnlyList<DeviceId> devices, CancellationToken cancellationToken)
    {
        await InterruptAsync(devices[0]);
        await Inner.ForgetAsync(devices, cancellationToken);
    }

    private async Task InterruptAsync(DeviceId device)
    {
        if (Interruption is { } interruption && interruption.Device == device.Value)
        {
            Interruption = null;
            await interruption.Action();
        }
    }
}
