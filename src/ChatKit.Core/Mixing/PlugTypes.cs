namespace ChatKit.Mixing;

/// <summary>Which interfaces a plug consists of.</summary>
internal static class PlugTypes
{
    private static readonly (ChatPlugs Plug, Type[] Required, Type[] Optional)[] All =
    [
        (ChatPlugs.Messages, [typeof(IMessageStore), typeof(IStoreIdentity), typeof(IFeedCheckpointStore)], [typeof(ILogRetention)]),
        (ChatPlugs.Receipts, [typeof(IReceiptStore)], []),
        (ChatPlugs.UserState, [typeof(IUserStateStore)], []),
        (ChatPlugs.Relay, [typeof(IRelayQueue), typeof(IDeviceMailbox)], []),
        (ChatPlugs.Groups, [typeof(IGroupDirectory)], []),
        (ChatPlugs.Sessions, [typeof(ISessionRegistry)], []),
        (ChatPlugs.Devices, [typeof(IDeviceDirectory)], []),
        (ChatPlugs.LastSeen, [typeof(ILastSeenStore)], []),
        (ChatPlugs.Assets, [typeof(IAssetStore)], []),
    ];

    public static ChatPlugs Every => All.Aggregate(ChatPlugs.None, static (sum, one) => sum | one.Plug);

    public static IEnumerable<Type> Required(ChatPlugs plugs) => All.Where(one => plugs.HasFlag(one.Plug)).SelectMany(one => one.Required);

    public static IEnumerable<Type> Optional(ChatPlugs plugs) => All.Where(one => plugs.HasFlag(one.Plug)).SelectMany(one => one.Optional);
}
