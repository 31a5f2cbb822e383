namespace ChatKit.Storage.LiteDb;

/// <summary>Sessions in memory. A LiteDB file serves one process, and sessions end with the process that holds their sockets, so a
/// durable registry could only hold what is already gone. The lease rules are those of every registry (ARCHITECTURE, rule 16).</summary>
internal sealed class ProcessSessionRegistry(TimeProvider time) : ISessionRegistry
{
    private static readonly TimeSpan MinLease = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxLease = TimeSpan.FromHours(1);
    private readonly Lock _lock = new();

    // Node to the end of its lease.
    private readonly Dictionary<NodeId, DateTimeOffset> _nodes = [];
    private readonly Dictionary<UserId, Dictionary<SessionId, SessionRecord>> _sessions = [];

    public ValueTask<bool> RenewNodeAsync(NodeId node, TimeSpan lease, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lease, MinLease);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lease, MaxLease);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            RemoveExpired();
            var lived = _nodes.ContainsKey(node);
            if (!lived)
            {
                // Sessions put without a lease were never visible; they must be put again.
                RemoveSessionsOf(node);
            }

            _nodes[node] = time.GetUtcNow() + lease;
            return ValueTask.FromResult(lived);
        }
    }

    public ValueTask RemoveNodeAsync(NodeId node, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            _nodes.Remove(node);
            RemoveSessionsOf(node);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask PutAsync(IReadOnlyList<SessionRecord> sessions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            RemoveExpired();
            foreach (var session in sessions)
            {
                var user = session.Device.User;
                if (!_sessions.TryGetValue(user, out var own))
                {
                    _sessions[user] = own = [];
                }

                own[session.Session] = session;
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveAsync(IReadOnlyList<SessionRecord> sessions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            foreach (var session in sessions)
            {
                var user = session.Device.User;
                if (_sessions.TryGetValue(user, out var own) && own.Remove(session.Session) && own.Count == 0)
                {
                    _sessions.Remove(user);
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<IReadOnlyList<SessionRecord>>> GetAsync(IReadOnlyList<UserId> users, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(users);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<IReadOnlyList<SessionRecord>>>([.. users.Select(user =>
                _sessions.TryGetValue(user, out var own)
                    ? (IReadOnlyList<SessionRecord>)[.. own.Values.Where(session => Lives(session.Node))]
                    : [])]);
        }
    }

    private bool Lives(NodeId node) =>
        _nodes.TryGetValue(node, out var end) && time.GetUtcNow() < end;

    private void RemoveExpired()
    {
        foreach (var node in _nodes.Keys.Where(node => !Lives(node)).ToList())
        {
            _nodes.Remove(node);
            RemoveSessionsOf(node);
        }
    }

    private void RemoveSessionsOf(NodeId node)
    {
        foreach (var (user, own) in _sessions.ToList())
        {
            foreach (var session in own.Values.Where(session => session.Node == node).ToList())
            {
                own.Remove(session.Session);
            }

            if (own.Count == 0)
            {
                _sessions.Remove(user);
            }
        }
    }
}
