namespace ChatKit.Testing;

/// <summary>What a line of a <see cref="DeviceRecord"/> says. The first group is seen on the wire, the second is what the app was told.</summary>
public enum RecordKind
{
    /// <summary>The device said Hello (<see cref="RecordLine.Hello"/>).</summary>
    Hello,

    /// <summary>The server welcomed it, or not (<see cref="RecordLine.Welcome"/>).</summary>
    Welcome,

    /// <summary>A command was handed to the connection (<see cref="RecordLine.Command"/>).</summary>
    Command,

    /// <summary>An event arrived (<see cref="RecordLine.Event"/>).</summary>
    Event,

    /// <summary>A message is in the outbox: <see cref="RecordLine.Id"/>, and <see cref="RecordLine.Conversation"/> when it is known.</summary>
    Pending,

    /// <summary>The app was told that a message was accepted: <see cref="RecordLine.Id"/>, conversation, seq.</summary>
    Accepted,

    /// <summary>The app was told that a message was refused: <see cref="RecordLine.Id"/>, code.</summary>
    Refused,

    /// <summary>The app took a message back: <see cref="RecordLine.Id"/>. It may be in the log all the same.</summary>
    Withdrawn,

    /// <summary>The app was shown a message: conversation, seq.</summary>
    Shown,

    /// <summary>The app was told another entry: conversation, seq of the entry.</summary>
    Changed,

    /// <summary>The app was told to pass over entries: conversation, seq, <see cref="RecordLine.To"/>.</summary>
    Skipped,

    /// <summary>The app was told to load everything anew.</summary>
    Resync,

    /// <summary>The connection changed: <see cref="RecordLine.Code"/> is the new state.</summary>
    State,

    /// <summary>Everything is quiet: what follows until the end of the record, or the next such line, is the final state.</summary>
    Final,

    /// <summary>What the client has in its cache of one conversation: messages, unread, receipts.</summary>
    Cache,
}
