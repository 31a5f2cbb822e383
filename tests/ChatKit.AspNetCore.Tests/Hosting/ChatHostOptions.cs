using Microsoft.AspNetCore.Builder;

namespace ChatKit.AspNetCore.Tests.Hosting;

/// <summary>How a test's host differs from the usual one.</summary>
internal sealed class ChatHostOptions
{
    /// <summary>Null takes a store of the host's own, as <see cref="StoreUnderTest"/> gives it.</summary>
    public Action<IChatKitBuilder>? Store { get; set; }

    public Action<ChatKitOptions> Chat { get; set; } = _ => { };

    public Action<ChatKitWebOptions> Web { get; set; } = _ => { };

    public Action<WebApplicationBuilder> Build { get; set; } = _ => { };

    public Action<WebApplication> Use { get; set; } = _ => { };

    public Action<IEndpointConventionBuilder> Map { get; set; } = _ => { };

    public string Pattern { get; set; } = "/chat";

    /// <summary>0 takes a free port; a test that restarts its host gives the port of the first.</summary>
    public int Port { get; set; }
}
