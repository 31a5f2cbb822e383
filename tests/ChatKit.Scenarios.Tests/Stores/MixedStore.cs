using ChatKit.AspNetCore.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.Scenarios.Tests.Stores;

/// <summary>Plugs of several stores in one host.</summary>
internal class MixedStore(ITestStore rest, params (ChatPlugs Plugs, ITestStore Store)[] parts) : ITestStore
{
    public async Task CreateAsync()
    {
        await rest.CreateAsync();
        foreach (var (_, store) in parts)
        {
            await store.CreateAsync();
        }
    }

    public void Use(IChatKitBuilder chat)
    {
        // Some before and some after: the order means nothing.
        foreach (var (plugs, store) in parts.Take(1))
        {
            chat.UseFor(plugs, store.Use);
        }

        rest.Use(chat);
        foreach (var (plugs, store) in parts.Skip(1))
        {
            chat.UseFor(plugs, store.Use);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await rest.DisposeAsync();
        foreach (var (_, store) in parts)
        {
            await store.DisposeAsync();
        }
    }
}
