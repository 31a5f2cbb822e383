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
                Wrap<IMessageStore>(services, static inner => new EarlyStore(inner));
                break;
            case "lost-wake":
                Wrap<IMessageStore>(services, static inner => new SilentFeedStore(inner));
                Wrap<IBackplane>(services, static inner => new ForgetfulBackplane(inner));
                break;
            case "cursor-back":
                Wrap<IReceiptStore>(services, static inner => new LastValueReceiptStore(inner));
                break;
            case "duplicate":
                Wrap<IMessageStore>(services, static inner => new KeylessStore(inner));
                break;
            case "membership-race":
                Wrap<IMessageStore>(services, static inner => new VersionlessStore(inner));
                break;
            case "unflushed-log":
                PageCache.LoseUnflushed(data);
                services.AddHostedService(_ => new PageCache(data));
                break;
            case "receipt-before-flush":
                Wrap<IReceiptStore>(services, static inner => new LateReceiptStore(inner));
                break;
            case "out-of-order":
                Wrap<IBackplane>(services, static inner => new ShufflingBackplane(inner));
                break;
            default:
                throw new ArgumentException($"There is no plant {name}: {string.Join(", ", Names)}.");
        }
    }

    private static void Wrap<T>(IServiceCollection services, Func<T, T> wrap)
        where T : class
    {
        var real = services.Last(static service => service.ServiceType == typeof(T));
        services.Remove(real);
        services.AddSingleton(provider => wrap((T)(real.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, real.ImplementationType!))));
    }
}
