using ChatKit.Delivery;
using ChatKit.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.Core.Tests.Sessions;

/// <summary>Pumps as a host has them, over a store in memory.</summary>
internal static class Pumps
{
    /// <summary>What the pumps of one host share.</summary>
    public static PumpServices Services(TimeProvider time)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(time);
        services.AddChatKitCore().UseInMemory();
        return services.BuildServiceProvider().GetRequiredService<PumpServices>();
    }

    public static SessionPump Create(string user, ISessionTransport transport, PumpServices services) =>
        new(new DeviceId(new UserId(user), "phone"), transport, services);
}
