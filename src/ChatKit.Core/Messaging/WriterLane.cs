namespace ChatKit.Messaging;

/// <summary>What waits for the writers of the conversations that share a place. Guarded by the <see cref="MessageWriter"/>'s lock.</summary>
internal sealed class WriterLane
{
    public Queue<WriteItem> Items { get; } = new();

    /// <summary>A writer is at it: what comes meanwhile waits for that writer, so a conversation keeps its order.</summary>
    public bool Taken { get; set; }
}
