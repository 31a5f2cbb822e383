namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>Lists in the order of UTF-16, as .NET's own ordinal comparer has it.</summary>
internal sealed class CodeUnitOrder(IGroupDirectory inner) : PassingGroupDirectory(inner)
{
    public override async ValueTask<IReadOnlyList<UserMembership>> ListAsync(
        UserId user, ConversationId? after, int limit, CancellationToken cancellationToken) =>
        [.. (await Inner.ListAsync(user, null, 10_000, cancellationToken))
            .OrderBy(membership => membership.Conversation.Value, StringComparer.Ordinal)
            .Where(membership => after is null || string.CompareOrdinal(membership.Conversation.Value, after.Value.Value) > 0)
            .Take(limit < 1 || limit > 10_000 ? throw new ArgumentOutOfRangeException(nameof(limit)) : limit)];
}
