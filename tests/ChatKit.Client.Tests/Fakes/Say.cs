using ChatKit.Wire;

namespace ChatKit.Client.Tests.Fakes;

/// <summary>Frames as a server writes them.</summary>
public static class Say
{
    public static readonly DateTimeOffset At = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static EventFrame Accepted(CommandFrame command, string conversation, long seq, bool duplicate = false) => new()
    {
        T = EventTags.Accepted,
        Id = command.Id,
        Conversation = conversation,
        Seq = seq,
        At = At,
        Duplicate = duplicate ? true : null,
    };

    public static EventFrame Refused(CommandFrame command, string code, long? retryAfter = null) => new()
    {
        T = EventTags.Refused,
        Id = command.Id,
        Conversation = command.Conversation,
        Code = code,
        Message = "no",
        RetryAfter = retryAfter,
    };

    public static EventFrame Message(string conversation, long seq, string from = "bob", string text = "hello", string? id = null) => new()
    {
        T = EventTags.Entry,
        Entry = new WireEntry
        {
            Conversation = conversation,
            Seq = seq,
            At = At,
            Kind = "message",
            From = from,
            Text = text,
            Id = id,
            Counts = true,
        },
    };

    public static EventFrame Entry(string conversation, long seq, string kind, string from = "bob", long? target = null, string? text = null, WireMembershipChange? change = null) => new()
    {
        T = EventTags.Entry,
        Entry = new WireEntry
        {
            Conversation = conversation,
            Seq = seq,
            At = At,
            Kind = kind,
            From = from,
            Target = target,
            Text = text,
            Change = change,
        },
    };

    public static EventFrame Skip(string conversation, long from, long to) => new() { T = EventTags.Skip, Conversation = conversation, Seq = from, To = to };
}
