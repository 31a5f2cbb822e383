namespace ChatKit;

/// <summary>The settings of the engine. Validated when the host starts.</summary>
public sealed class ChatKitOptions
{
    /// <summary>The largest body of a message in bytes. Default 65,536; 1 to 1,048,576.</summary>
    public int MaxBodyBytes { get; set; } = 64 * 1024;

    /// <summary>The most members a group may have. Default 1,000; 2 to 100,000.</summary>
    public int MaxGroupMembers { get; set; } = 1000;

    /// <summary>The most assets a message may name. Default 32; 0 to 256.</summary>
    public int MaxAssets { get; set; } = 32;

    /// <summary>How many entries may be unacknowledged on a connection (ARCHITECTURE, rule 9). Default 1,000; 1 to 10,000.</summary>
    public int WindowEntries { get; set; } = 1000;

    /// <summary>How many bytes of entries may be unacknowledged on a connection. Default 1 MiB; 64 KiB to 64 MiB. One entry always may.</summary>
    public int WindowBytes { get; set; } = 1024 * 1024;

    /// <summary>A connection that acknowledges nothing of what it owes for this long is cut. Default 30 seconds; 1 second to 10 minutes.</summary>
    public TimeSpan SlowConsumerTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long moves of cursors are collected before they are stored and shown (rule 8); twice as long, but at most
    /// 180 ms, while more than 100 move at once; then what is shown may wait up to 40 ms more for another event to its connection. Default 100 ms; 1 to 250 ms.</summary>
    public TimeSpan ReceiptFlushInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>In groups of up to so many members every member is told every mark that moves; in larger ones only those whose own entries it passes, as a mark told to all would
    /// cost the square of the members. All may ask for the marks at any time. Default 32; 2 to 100,000.</summary>
    public int ReceiptsToAllMembers { get; set; } = 32;

    /// <summary>How many commands may wait for the writer; more are refused as overloaded. Default 20,000; 1 to 1,000,000.</summary>
    public int WriterQueueCapacity { get; set; } = 20_000;

    /// <summary>The most commands of one group commit. Default 500; 1 to 500.</summary>
    public int WriterBatchItems { get; set; } = 500;

    /// <summary>How many writers may append side by side when much waits; a conversation has one at a time. 0, the default: as many as the message store finds useful
    /// (<see cref="IParallelAppends"/>), and one for a store that does not say. 0 to 64.</summary>
    public int Writers { get; set; }

    /// <summary>How long after the last user activity a connected user is online; then away. Default 60 seconds; 5 seconds to 1 hour.</summary>
    public TimeSpan OnlineFor { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long somebody is shown as typing without a new sign of it. Default 6 seconds; 1 to 60.</summary>
    public TimeSpan TypingExpiry { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>A device unseen for this long is forgotten (rule 8). Default 30 days; at least 1 day.</summary>
    public TimeSpan DeviceForgottenAfter { get; set; } = TimeSpan.FromDays(30);

    /// <summary>The lease of this node in the session registry. Default 30 seconds; 5 seconds to 10 minutes.</summary>
    public TimeSpan NodeLease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the devices of live connections are looked up, so that a revoked one is cut also when the hint was lost (rule 11).
    /// Default 5 seconds; 1 second to 5 minutes.</summary>
    public TimeSpan DeviceCheckInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a stopping host waits for its clients to leave; then it cuts them. Default 10 seconds; 0 to 5 minutes, and less than the host's
    /// own <c>ShutdownTimeout</c>.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Over which time a stopping host sends its clients away, so that they do not come to the other nodes in one instant; fewer than 300 clients
    /// take less. Default 3 seconds; 0 to <see cref="DrainTimeout"/>.</summary>
    public TimeSpan DrainSpread { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How often the feed is read for entries whose dispatch was lost (rule 10). Default 2 seconds; 100 ms to 10 seconds.</summary>
    public TimeSpan RecoveryInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long after a message a member who has not got it is given to <see cref="INotificationSender"/>. Default 5 seconds; 0 to 1 hour.</summary>
    public TimeSpan NotificationDelay { get; set; } = TimeSpan.FromSeconds(5);
}
