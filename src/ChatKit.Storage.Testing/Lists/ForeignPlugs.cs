namespace ChatKit.Storage.Testing.Lists;

/// <summary>Marks and groups of another store, which nobody may ask.</summary>
internal sealed class ForeignPlugs : IReceiptStore, IGroupDirectory
{
    public ValueTask AdvanceAsync(IReadOnlyList<Receipt> marks, CancellationToken cancellationToken) => throw Asked();

    public ValueTask<IReadOnlyList<IReadOnlyList<Receipt>>> GetAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) => throw Asked();

    ValueTask<IReadOnlyList<Receipt>> IReceiptStore.GetForUserAsync(
        UserId user, IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) => throw Asked();

    public ValueTask<IReadOnlyList<DirectoryOutcome>> ApplyAsync(IReadOnlyList<DirectoryChange> changes, CancellationToken cancellationToken) => throw Asked();

    ValueTask<IReadOnlyList<Membership?>> IGroupDirectory.GetAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) => throw Asked();

    public ValueTask<IReadOnlyList<UserMembership?>> GetForUserAsync(
        UserId user, IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) => throw Asked();

    public ValueTask<IReadOnlyList<UserMembership>> ListAsync(UserId user, ConversationId? after, int limit, CancellationToken cancellationToken) => throw Asked();

    private static InvalidOperationException Asked() => new("Only the plugs of the store are read.");
}
