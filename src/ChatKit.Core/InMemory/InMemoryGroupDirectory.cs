namespace ChatKit.InMemory;

/// <summary>The group directory in memory.</summary>
internal sealed class InMemoryGroupDirectory : IGroupDirectory
{
    private const int MaxLimit = 10_000;

    private static readonly Comparer<ConversationId> ByValue =
        Comparer<ConversationId>.Create((a, b) => IdOrder.Comparer.Compare(a.Value, b.Value));

    private readonly Lock _lock = new();
    private readonly Dictionary<ConversationId, InMemoryGroup> _groups = [];

    /// <summary>Each user's conversations; all of one user have his tenant, so the id's text orders them.</summary>
    private readonly Dictionary<UserId, SortedSet<ConversationId>> _ofUser = [];

    public ValueTask<IReadOnlyList<DirectoryOutcome>> ApplyAsync(IReadOnlyList<DirectoryChange> changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IReadOnlyList<DirectoryOutcome>>(cancellationToken);
        }

        var outcomes = new DirectoryOutcome[changes.Count];
        lock (_lock)
        {
            for (var i = 0; i < outcomes.Length; i++)
            {
                outcomes[i] = Apply(changes[i]);
            }
        }

        return ValueTask.FromResult<IReadOnlyList<DirectoryOutcome>>(outcomes);
    }

    public ValueTask<IReadOnlyList<Membership?>> GetAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(conversations);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IReadOnlyList<Membership?>>(cancellationToken);
        }

        var results = new Membership?[conversations.Count];
        lock (_lock)
        {
            for (var i = 0; i < results.Length; i++)
            {
                results[i] = _groups.GetValueOrDefault(conversations[i])?.Snapshot;
            }
        }

        return ValueTask.FromResult<IReadOnlyList<Membership?>>(results);
    }

    public ValueTask<IReadOnlyList<UserMembership?>> GetForUserAsync(
        UserId user, IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(conversations);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IReadOnlyList<UserMembership?>>(cancellationToken);
        }

        var results = new UserMembership?[conversations.Count];
        lock (_lock)
        {
            for (var i = 0; i < results.Length; i++)
            {
                results[i] = _groups.GetValueOrDefault(conversations[i])?.For(user);
            }
        }

        return ValueTask.FromResult<IReadOnlyList<UserMembership?>>(results);
    }

    public ValueTask<IReadOnlyList<UserMembership>> ListAsync(
        UserId user, ConversationId? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxLimit);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IReadOnlyList<UserMembership>>(cancellationToken);
        }

        lock (_lock)
        {
            if (!_ofUser.TryGetValue(user, out var conversations) || conversations.Count == 0)
            {
                return ValueTask.FromResult<IReadOnlyList<UserMembership>>([]);
            }

            IEnumerable<ConversationId> page = conversations;
            if (after is { } previous)
            {
                page = ByValue.Compare(previous, conversations.Max) >= 0
                    ? []
                    : conversations.GetViewBetween(previous, conversations.Max).SkipWhile(id => ByValue.Compare(id, previous) <= 0);
            }

            return ValueTask.FromResult<IReadOnlyList<UserMembership>>([.. page.Take(limit).Select(id => _groups[id].For(user)!)]);
        }
    }

    private DirectoryOutcome Apply(DirectoryChange change)
    {
        var known = _groups.TryGetValue(change.Conversation, out var group);
        var version = group?.Version ?? 0;
        if (version >= change.Seq)
        {
            return DirectoryOutcome.AlreadyApplied;
        }

        if (version != change.PreviousVersion)
        {
            return version > change.PreviousVersion ? DirectoryOutcome.Diverged : DirectoryOutcome.Missing;
        }

        group ??= new InMemoryGroup(change.Conversation);
        if (!known)
        {
            _groups.Add(change.Conversation, group);
        }

        foreach (var user in group.Apply(change.Seq, change.Change))
        {
            if (!_ofUser.TryGetValue(user, out var conversations))
            {
                _ofUser.Add(user, conversations = new SortedSet<ConversationId>(ByValue));
            }

            conversations.Add(change.Conversation);
        }

        return DirectoryOutcome.Applied;
    }
}
