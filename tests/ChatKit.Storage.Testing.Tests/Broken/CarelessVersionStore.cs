namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>Takes every membership version for the present one.</summary>
internal sealed class CarelessVersionStore(IMessageStore inner) : PassingMessageStore(inner)
{
    public override async ValueTask<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<AppendRequest> batch, CancellationToken cancellationToken)
    {
        var heads = await Inner.GetHeadsAsync([.. batch.Select(request => request.Conversation)], cancellationToken);
        return await Inner.AppendAsync(
            [.. batch.Zip(heads, (request, head) => request with { MembershipVersion = head?.MembershipVersion ?? request.MembershipVersion })], cancellationToken);
    }
}
