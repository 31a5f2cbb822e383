namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>Knows a command only within its batch: a retry is stored twice.</summary>
internal sealed class ForgetfulKeysStore(IMessageStore inner) : PassingMessageStore(inner)
{
    private long _batches;

    public override ValueTask<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<AppendRequest> batch, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _batches);
        return Inner.AppendAsync([.. batch.Select(request => request with { Command = new CommandId($"{number}.{request.Command}") })], cancellationToken);
    }
}
