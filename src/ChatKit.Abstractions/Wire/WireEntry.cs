namespace ChatKit.Wire;

/// <summary>A log entry, or a message in its present state.</summary>
public sealed record WireEntry
{
    /// <summary>The conversation.</summary>
    public required string Conversation { get; init; }

    /// <summary>The position.</summary>
    public required long Seq { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary><c>message</c>, <c>edit</c>, <c>deletion</c>, <c>reaction</c>, <c>pin</c>, <c>membership</c>, <c>details</c> or <c>commit</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Who wrote it.</summary>
    public required string From { get; init; }

    /// <summary>The sender's command id.</summary>
    public string? Id { get; init; }

    /// <summary>The body of a <c>text/*</c> entry.</summary>
    public string? Text { get; init; }

    /// <summary>Any other body, in base64.</summary>
    public string? Data { get; init; }

    /// <summary>The MIME type of the body; absent for <c>text/plain</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary>The message it changes.</summary>
    public long? Target { get; init; }

    /// <summary>The <c>Seq</c> that gave the message its present state; absent when unchanged.</summary>
    public long? Version { get; init; }

    /// <summary>Whether it counts as unread; absent for false.</summary>
    public bool? Counts { get; init; }

    /// <summary>Whether it was deleted for everyone; absent for false.</summary>
    public bool? Deleted { get; init; }

    /// <summary>Ids of assets.</summary>
    public IReadOnlyList<string>? Assets { get; init; }

    /// <summary>Of a membership entry: what it does.</summary>
    public WireMembershipChange? Change { get; init; }
}
