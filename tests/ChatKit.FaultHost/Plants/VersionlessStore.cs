namespace ChatKit.FaultHost.Plants;

/// <summary>Does not compare the membership version an entry was authorised under: what a stale one let through is stored.</summary>
internal sealed class VersionlessStore(IMessageStore inner) : StoreWrapper(inner)
{
    public override async ValueTask<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<AppendRequest> batch, CancellationToken cancellationToken)
    {
        var results = (await Inner.AppendAsync(batch, cancellationToken)).ToArray();
        for (var i = 0; i < results.Length; i++)
        {
            if (results[i].Outcome == AppendOutcome.StaleMembership && batch[i].MembershipVersion > 0)
            {
                results[i] = (await Inner.AppendAsync([batch[i] with { MembershipVersion = results[i].MembershipVersion }], cancellationToken))[0];
            }
        }

        return results;
    }
}
