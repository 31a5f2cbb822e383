namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>AcceptedAt is whatever the clock says, also when it was set back.</summary>
internal sealed class WallClockStore(IMessageStore inner, TimeProvider timeProvider) : PassingMessageStore(inner)
{
    public override async ValueTask<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<AppendRequest> batch, CancellationToken cancellationToken) =>
        [.. (await Inner.AppendAsync(batch, cancellationToken)).Select(result =>
            result.Outcome == AppendOutcome.Appended ? result with { AcceptedAt = timeProvider.GetUtcNow() } : result)];
}
