namespace ChatKit.FaultHost.Plants;

/// <summary>Answers "appended" before it appends: what a kill meets in between was accepted and is lost.</summary>
internal sealed class EarlyStore(IMessageStore inner) : StoreWrapper(inner), IAsyncDisposable
{
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(120);

    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly HashSet<(ConversationId, UserId, CommandId)> seen = [];
    private Task pending = Task.CompletedTask;

    public override async ValueTask<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<AppendRequest> batch, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            await pending;
            var heads = await GetHeadsAsync([.. batch.Select(static one => one.Conversation)], cancellationToken);
            var fresh = batch.Select(one => seen.Add((one.Conversation, one.Sender, one.Command))).ToList().TrueForAll(static one => one);
            var plain = fresh && !batch.Where((one, i) => one.Header.Kind != EntryKind.Message || heads[i]?.MembershipVersion != one.MembershipVersion).Any();
            if (!plain)
            {
                return await Inner.AppendAsync(batch, cancellationToken);
            }

            pending = CommitAsync(batch);
            var last = new Dictionary<ConversationId, long>();
            return [.. batch.Select((one, i) => new AppendResult(
                AppendOutcome.Appended, last[one.Conversation] = last.GetValueOrDefault(one.Conversation, heads[i]!.LastSeq) + 1,
                TimeProvider.System.GetUtcNow(), one.MembershipVersion, heads[i]!.Epoch))];
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await pending;
        gate.Dispose();
    }

    private async Task CommitAsync(IReadOnlyList<AppendRequest> batch)
    {
        await Task.Delay(Late, TimeProvider.System, CancellationToken.None);
        await Inner.AppendAsync(batch, CancellationToken.None);
    }
}
