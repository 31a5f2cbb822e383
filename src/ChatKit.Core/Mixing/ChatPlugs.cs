namespace ChatKit;

/// <summary>The parts of a store that may come from different adapters. Each is one interface, or those that must lie together.</summary>
[Flags]
public enum ChatPlugs
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The logs and their feed: <see cref="IMessageStore"/>, <see cref="IStoreIdentity"/>, <see cref="IFeedCheckpointStore"/> and, where the
    /// adapter has it, <see cref="ILogRetention"/>.</summary>
    Messages = 1,

    /// <summary>Delivered and read marks: <see cref="IReceiptStore"/>.</summary>
    Receipts = 2,

    /// <summary>What is private to a user: <see cref="IUserStateStore"/>.</summary>
    UserState = 4,

    /// <summary>Cursors and mailboxes of devices: <see cref="IRelayQueue"/> and <see cref="IDeviceMailbox"/>.</summary>
    Relay = 8,

    /// <summary>Who is a member: <see cref="IGroupDirectory"/>.</summary>
    Groups = 16,

    /// <summary>Nodes and their sessions: <see cref="ISessionRegistry"/>.</summary>
    Sessions = 32,

    /// <summary>The devices of users: <see cref="IDeviceDirectory"/>.</summary>
    Devices = 64,

    /// <summary>When users were last seen: <see cref="ILastSeenStore"/>.</summary>
    LastSeen = 128,

    /// <summary>The bytes of attachments: <see cref="IAssetStore"/>.</summary>
    Assets = 256,
}
