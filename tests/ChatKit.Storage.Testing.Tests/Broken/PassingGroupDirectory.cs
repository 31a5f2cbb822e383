namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>Passes everything on: a fault overrides one method.</summary>
internal abstract class PassingGroupDirectory(IGroupDirectory inner) : IGroupDirectory
{
    protected IGroupDirectory Inner { get; } = inner;

    public virtual ValueTask<IReadOnlyList<DirectoryOutcome>> ApplyAsync(IReadOnlyList<DirectoryChange> changes, CancellationToken cancellationToken) =>
        Inner.ApplyAsync(changes, cancellationToken);

    public virtual ValueTask<IReadOnlyList<Membership?>> GetAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) =>
        Inner.GetAsync(conversations, cancellationToken);

    public virtual ValueTask<IReadOnlyList<UserMembership?>> GetForUserAsync(
        UserId user, IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) =>
        Inner.GetForUserAsync(user, conversations, cancellationToken);

    public virtual ValueTask<IReadOnlyList<UserMembership>> ListAsync(
        UserId user, ConversationId? after, int limit, CancellationToken cancellationToken) =>
        Inner.ListAsync(user, after, limit, cancellationToken);
}
