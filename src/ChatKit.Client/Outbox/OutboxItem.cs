using ChatKit.Client.Store;
using ChatKit.Wire;

namespace ChatKit.Client.Outbox;

/// <summary>A command that writes the log, until it is answered.</summary>
internal sealed class OutboxItem
{
    public OutboxItem(StoredCommand command, long ordinal, ChatMessage? echo, bool stored)
    {
        Command = command;
        Ordinal = ordinal;
        Echo = echo;
        Stored = stored;

        // Nobody needs to look at the task: a refusal is an event, too.
        _ = Accepted.Task.ContinueWith(
            static task => _ = task.Exception, CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public StoredCommand Command { get; set; }

    public CommandFrame Frame => Command.Frame;

    public string Id => Command.Frame.Id!;

    /// <summary>The order of the calls.</summary>
    public long Ordinal { get; }

    public ChatMessage? Echo { get; set; }

    /// <summary>Whether the store has it; before that it must not be sent.</summary>
    public bool Stored { get; set; }

    /// <summary>Sent on the present connection and not answered.</summary>
    public bool InFlight { get; set; }

    public Lane Lane { get; set; } = null!;

    public TaskCompletionSource<SentMessage> Accepted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
