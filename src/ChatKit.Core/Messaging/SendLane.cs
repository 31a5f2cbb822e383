namespace ChatKit.Messaging;

/// <summary>The order of one connection's commands to one conversation (ARCHITECTURE, rule 6). <see cref="Tail"/> belongs to the
/// connection, <see cref="BlockedBy"/> to the writer, which judges commands first come, first served.</summary>
internal sealed class SendLane
{
    /// <summary>The preparation of the last command: the next is prepared after it.</summary>
    public Task Tail { get; set; } = Task.CompletedTask;

    /// <summary>How many commands are not answered yet.</summary>
    public int Pending { get; set; }

    /// <summary>The first command refused for now; until it comes again or is withdrawn, later ones are out of order.</summary>
    public CommandId? BlockedBy { get; private set; }

    private long BlockedAt { get; set; }

    private long Judged { get; set; }

    /// <summary>Gives a command its place; called once, in the order of arrival.</summary>
    public long NextPlace() => ++Judged;

    /// <summary>A command at a place was refused for now. One that came before the present blocker takes its part.</summary>
    public void Block(CommandId command, long place)
    {
        if (BlockedBy is null || place < BlockedAt)
        {
            BlockedBy = command;
            BlockedAt = place;
        }
    }

    public void Unblock() => BlockedBy = null;

    public bool IsBehindBlocker(long place) => BlockedBy is not null && place > BlockedAt;
}
