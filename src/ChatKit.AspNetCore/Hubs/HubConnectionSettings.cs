using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatKit.AspNetCore.Hubs;

/// <summary>What all connections of the hub share.</summary>
internal sealed class HubConnectionSettings(HubCommands commands, IOptions<HubOptions<ChatHub>> options, ILogger<HubSocket> logger)
{
    /// <summary>A connection of which SignalR hears nothing for its timeout is ended; it hears of one so many times as often.</summary>
    private const int Signs = 6;

    public HubCommands Commands => commands;

    public ILogger Logger => logger;

    /// <summary>The largest message; null for any size.</summary>
    public long? MaxBytes { get; } = options.Value.MaximumReceiveMessageSize;

    /// <summary>After so long SignalR is to hear that the client is there.</summary>
    public TimeSpan SignOfLife { get; } = (options.Value.ClientTimeoutInterval ?? TimeSpan.FromSeconds(30)) / Signs;
}
