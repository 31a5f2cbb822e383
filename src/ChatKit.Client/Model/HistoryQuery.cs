namespace ChatKit.Client;

/// <summary>Which messages of a conversation to read. At most one of the four bounds; without one: the newest.</summary>
public sealed record HistoryQuery
{
    /// <summary>Messages before this <c>Seq</c> (excluded), the nearest.</summary>
    public long? Before { get; init; }

    /// <summary>Messages after this <c>Seq</c> (excluded), the nearest.</summary>
    public long? After { get; init; }

    /// <summary>Messages accepted before this time (excluded), the nearest.</summary>
    public DateTimeOffset? BeforeTime { get; init; }

    /// <summary>Messages accepted after this time (excluded), the nearest.</summary>
    public DateTimeOffset? AfterTime { get; init; }

    /// <summary>How many messages at most: 1 to 200. Null: as <see cref="Screen"/> says, else the server's default of 50.</summary>
    public int? Limit { get; init; }

    /// <summary>The reader's screen, from which the number of messages follows when <see cref="Limit"/> is null.</summary>
    public ScreenSize? Screen { get; init; }
}
