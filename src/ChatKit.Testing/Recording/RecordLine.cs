using ChatKit.Wire;

namespace ChatKit.Testing;

/// <summary>One line of a <see cref="DeviceRecord"/>. Which fields it has depends on <see cref="Kind"/>.</summary>
public sealed record RecordLine
{
    /// <summary>The position among the lines of all records made in one process: a smaller one was written before.</summary>
    public long Order { get; init; }

    /// <summary>What it says.</summary>
    public required RecordKind Kind { get; init; }

    /// <summary>The connection it was seen on, from 1; 0 for what is not on a connection.</summary>
    public int Connection { get; init; }

    /// <summary>What the device said.</summary>
    public HelloRequest? Hello { get; init; }

    /// <summary>What the server answered.</summary>
    public HelloReply? Welcome { get; init; }

    /// <summary>A command as it left.</summary>
    public CommandFrame? Command { get; init; }

    /// <summary>An event as it arrived.</summary>
    public EventFrame? Event { get; init; }

    /// <summary>The conversation.</summary>
    public string? Conversation { get; init; }

    /// <summary>The position of the entry.</summary>
    public long? Seq { get; init; }

    /// <summary>The last position of a range.</summary>
    public long? To { get; init; }

    /// <summary>The client's id of a command.</summary>
    public string? Id { get; init; }

    /// <summary>A code, or a state.</summary>
    public string? Code { get; init; }

    /// <summary>Messages in their present state.</summary>
    public IReadOnlyList<WireEntry>? Messages { get; init; }

    /// <summary>Marks.</summary>
    public IReadOnlyList<WireReceipt>? Receipts { get; init; }

    /// <summary>How many are unread.</summary>
    public long? Unread { get; init; }
}
