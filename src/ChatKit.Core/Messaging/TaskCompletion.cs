namespace ChatKit.Messaging;

/// <summary>A completion somebody awaits: host calls and HTTP.</summary>
internal sealed class TaskCompletion : IWriteCompletion
{
    private readonly TaskCompletionSource<ChatResult<SentMessage>> source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<ChatResult<SentMessage>> Task => source.Task;

    public void Accepted(SentMessage sent) => source.TrySetResult(sent);

    public void Refused(ChatError error) => source.TrySetResult(error);
}
