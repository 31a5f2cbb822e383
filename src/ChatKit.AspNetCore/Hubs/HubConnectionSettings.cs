using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatKit.AspNetCore.Hubs;

/// <summary>What all connections of the hub share.</summary>
internal sealed class HubConnectionSettings(HubCommands commands, IOptions<HubOptions<ChatHub>> options, ILogger<HubSocket> logger)
{
    /// <summary>A connection of which SignalR hears nothing for its timeout is ended; it hears of one so many times as often.</summary>
    private const int Signs = 6;

    private const int Largest = 16 * 1024;

    public HubCommands Commands => commands;

    public ILogger Logger => logger;

    /// <summary>The largest message that goes past SignalR; what SignalR would not take at all is left to it.</summary>
    public int MostBytes { get; } = (int)Math.Min(options.Value.MaximumReceiveMessageSize ?? Largest, Largest);

    /// <summary>After so long SignalR is to hear that the client is there.</summary>
    public TimeSpan SignOfLife { get; } = (options.Value.ClientTimeoutInterval ?? TimeSpan.FromSeconds(30)) / Signs;
}
