namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>Keeps only the last interval: who rejoined loses sight of his first time.</summary>
internal sealed class ForgetfulIntervals(IGroupDirectory inner) : PassingGroupDirectory(inner)
{
    public override async ValueTask<IReadOnlyList<UserMembership?>> GetForUserAsync(
        UserId user, IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) =>
        [.. (await Inner.GetForUserAsync(user, conversations, cancellationToken)).Select(membership =>
            membership is null ? null : membership with { Intervals = [membership.Intervals[^1]] })];
}
