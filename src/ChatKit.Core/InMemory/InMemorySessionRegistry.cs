namespace ChatKit.InMemory;

/// <summary>Node leases and sessions in memory.</summary>
internal sealed class InMemorySessionRegistry(TimeProvider timeProvider) : ISessionRegistry
{
    private static readonly TimeSpan MinLease = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxLease = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<NodeId, DateTimeOffset> _leases = [];
    private readonly Dictionary<NodeId, HashSet<Key>> _ofNode = [];
    private readonly Dictionary<UserId, Dictionary<SessionId, SessionRecord>> _ofUser = [];

    public ValueTask<bool> RenewNodeAsync(NodeId node, TimeSpan lease, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lease, MinLease);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lease, MaxLease);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        lock (_lock)
        {
            var now = timeProvider.GetUtcNow();
            DropDeadNodes(now);
            var wasLive = _leases.ContainsKey(node);
            if (!wasLive)
            {
                DropSessions(node);
            }

            _leases[node] = now + lease;
            return ValueTask.FromResult(wasLive);
        }
    }

    public ValueTask RemoveNodeAsync(NodeId node, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        lock (_lock)
        {
            _leases.Remove(node);
            DropSessions(node);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask PutAsync(IReadOnlyList<SessionRecord> sessions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        lock (_lock)
        {
            foreach (var session in sessions)
            {
                Drop(new Key(session.Device.User, session.Session));
                if (!_ofUser.TryGetValue(session.Device.User, out var ofUser))
                {
                    _ofUser.Add(session.Device.User, ofUser = []);
                }

                if (!_ofNode.TryGetValue(session.Node, out var ofNode))
                {
                    _ofNode.Add(session.Node, ofNode = []);
                }

                ofUser.Add(session.Session, session);
                ofNode.Add(new Key(session.Device.User, session.Session));
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveAsync(IReadOnlyList<SessionRecord> sessions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        lock (_lock)
        {
            foreach (var session in sessions)
            {
                Drop(new Key(session.Device.User, session.Session));
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<IReadOnlyList<SessionRecord>>> GetAsync(
        IReadOnlyList<UserId> users, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(users);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IReadOnlyList<IReadOnlyList<SessionRecord>>>(cancellationToken);
        }

        var results = new IReadOnlyList<SessionRecord>[users.Count];
        lock (_lock)
        {
            var now = timeProvider.GetUtcNow();
            for (var i = 0; i < results.Length; i++)
            {
                results[i] = _ofUser.TryGetValue(users[i], out var sessions)
                    ? [.. sessions.Values.Where(session => _leases.TryGetValue(session.Node, out var until) && until > now)]
                    : [];
            }
        }

        return ValueTask.FromResult<IReadOnlyList<IReadOnlyList<SessionRecord>>>(results);
    }

    private void DropDeadNodes(DateTimeOffset now)
    {
        foreach (var (node, until) in _leases)
        {
            if (until <= now)
            {
                _leases.Remove(node);
                DropSessions(node);
            }
        }
    }

    private void DropSessions(NodeId node)
    {
        if (_ofNode.TryGetValue(node, out var keys))
        {
            foreach (var key in keys.ToArray())
            {
                Drop(key);
            }
        }
    }

    private void Drop(Key key)
    {
        if (!_ofUser.TryGetValue(key.User, out var ofUser) || !ofUser.Remove(key.Session, out var session))
        {
            return;
        }

        if (ofUser.Count == 0)
        {
            _ofUser.Remove(key.User);
        }

        var ofNode = _ofNode[session.Node];
        ofNode.Remove(key);
        if (ofNode.Count == 0)
        {
            _ofNode.Remove(session.Node);
        }
    }

    private readonly record struct Key(UserId User, SessionId Session);
}
