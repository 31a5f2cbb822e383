using ChatKit.Wire;

namespace ChatKit.Client.Connection;

/// <summary>Questions on their way to their answers. Called under the gate.</summary>
internal sealed class Requests
{
    private readonly Dictionary<string, TaskCompletionSource<EventFrame>> waiting = new(StringComparer.Ordinal);

    public Task<EventFrame> Add(string id)
    {
        var answer = new TaskCompletionSource<EventFrame>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.Add(id, answer);
        return answer.Task;
    }

    public void Remove(string id) => waiting.Remove(id);

    /// <summary>Returns whether somebody waits for it.</summary>
    public bool Answer(EventFrame frame) => frame.Id is { } id && waiting.Remove(id, out var answer) && answer.TrySetResult(frame);

    /// <summary>Returns whether somebody waits for it.</summary>
    public bool Fail(string? id, ChatClientException error) => id is not null && waiting.Remove(id, out var answer) && answer.TrySetException(error);

    public void FailAll(Func<ChatClientException> error)
    {
        foreach (var answer in waiting.Values)
        {
            answer.TrySetException(error());
        }

        waiting.Clear();
    }
}
