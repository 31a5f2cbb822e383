using ChatKit.Messaging;

namespace ChatKit.Core.Tests.Messaging;

/// <summary>Fails when it is told that its command was accepted.</summary>
internal sealed class FaultyCompletion : IWriteCompletion
{
    public TaskCompletionSource<ChatError> Refusal { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Accepted(SentMessage sent) => throw new InvalidOperationException("A fault of whoever waits.");

    public void Refused(ChatError error) => Refusal.SetResult(error);
}
