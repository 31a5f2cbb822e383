using ChatKit.Tests.Shared;

namespace ChatKit.FaultHost.Plants;

/// <summary>The errors that the checker must find, each a wrapper around the plugs of a host that is otherwise the real one.</summary>
internal static class Plant
{
    public static IReadOnlyList<string> Names { get; } =
    [
        "accepted-before-commit", "lost-wake", "cursor-back", "duplicate", "membership-race", "unflushed-log", "receipt-before-flush", "out-of-order",
    ];

    public static void Into(IServiceCollection services, string name, string data)
    {
        switch (name)
        {
            case "accepted-before-commit":
                services.Wrap<IMessageStore>(static inner => new EarlyStore(inner));
                break;
            case "lost-wake":
                services.Wrap<IMessageStore>(static inner => new SilentFeedStore(inner));
                services.Wrap<IBackplane>(static inner => new ForgetfulBackplane(inner));
                break;
            case "cursor-back":
                services.Wrap<IReceiptStore>(static inner => new LastValueReceiptStore(inner));
                break;
            case "duplicate":
                services.Wrap<IMessageStore>(static inner => new KeylessStore(inner));
                break;
            case "membership-race":
                services.Wrap<IMessageStore>(static inner => new VersionlessStore(inner));
                break;
            case "unflushed-log":
                PageCache.LoseUnflushed(data);
                services.AddHostedService(_ => new PageCache(data));
                break;
            case "receipt-before-flush":
                services.Wrap<IReceiptStore>(static inner => new LateReceiptStore(inner));
                break;
            case "out-of-order":
                services.Wrap<IBackplane>(static inner => new ShufflingBackplane(inner));
                break;
            default:
                throw new ArgumentException($"There is no plant {name}: {string.Join(", ", Names)}.");
        }
    }
}
