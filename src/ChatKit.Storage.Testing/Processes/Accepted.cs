using System.Globalization;

namespace ChatKit.Storage.Testing;

/// <summary>What a worker says of one item it appended.</summary>
internal sealed record Accepted(ConversationId Conversation, long Seq, CommandId Command, AppendOutcome Outcome)
{
    public static Accepted Parse(string line)
    {
        var parts = line.TrimEnd('\r').Split(' ');
        return new Accepted(
            new ConversationId(parts[0]), long.Parse(parts[1], CultureInfo.InvariantCulture), new CommandId(parts[2]), Enum.Parse<AppendOutcome>(parts[3]));
    }
}
