using ChatKit.Sessions;

namespace ChatKit.LastSeen;

/// <summary>Which sessions of this node watch whom, and what each node last said of those who are watched. Thread-safe.</summary>
internal sealed class PresenceWatches
{
    private readonly Lock gate = new();
    private readonly Dictionary<ChatSession, IReadOnlyList<UserId>> bySession = [];
    private readonly Dictionary<UserId, Watched> byUser = [];
    private long told;

    public void Set(ChatSession session, IReadOnlyList<UserId> users)
    {
        lock (gate)
        {
            if (bySession.Remove(session, out var before))
            {
                foreach (var user in before)
                {
                    if (byUser.TryGetValue(user, out var watched) && watched.Sessions.Remove(session) && watched.Sessions.Count == 0)
                    {
                        byUser.Remove(user);
                    }
                }
            }

            if (users.Count == 0)
            {
                return;
            }

            bySession[session] = users;
            foreach (var user in users)
            {
                if (!byUser.TryGetValue(user, out var watched))
                {
                    byUser[user] = watched = new Watched();
                }

                watched.Sessions.Add(session);
            }
        }
    }

    /// <summary>What the stores say of a user on a node; what the node has told by itself is newer.</summary>
    public void Seed(NodeId node, Presence presence)
    {
        lock (gate)
        {
            if (byUser.TryGetValue(presence.User, out var watched))
            {
                watched.Nodes.TryAdd(node, (presence, ++told));
            }
        }
    }

    /// <returns>Who watches that user here; null for nobody, or when nothing changes for them.</returns>
    public IReadOnlyList<ChatSession>? Note(PresenceChanged message)
    {
        lock (gate)
        {
            return byUser.TryGetValue(message.Presence.User, out var watched) ? Put(watched, message.Node, message.Presence) : null;
        }
    }

    /// <summary>What other nodes said of users who are there.</summary>
    public IReadOnlyList<(NodeId Node, Presence Presence, long Told)> Elsewhere(NodeId own)
    {
        lock (gate)
        {
            return [.. byUser.Values.SelectMany(watched => watched.Nodes)
                .Where(one => one.Key != own && one.Value.Presence.State != PresenceState.Offline)
                .Select(one => (one.Key, one.Value.Presence, one.Value.Told))];
        }
    }

    /// <summary>A node that told this is gone, and the user with it; unless it has told something else since.</summary>
    /// <returns>As <see cref="Note"/>.</returns>
    public IReadOnlyList<ChatSession>? Gone(NodeId node, Presence presence, long toldThen)
    {
        lock (gate)
        {
            return byUser.TryGetValue(presence.User, out var watched) && watched.Nodes.TryGetValue(node, out var now) && now.Told == toldThen
                ? Put(watched, node, presence with { State = PresenceState.Offline }) : null;
        }
    }

    /// <summary>The most present state any node told of.</summary>
    public Presence StateOf(UserId user)
    {
        lock (gate)
        {
            return byUser.TryGetValue(user, out var watched) ? watched.Combine(user) : new Presence(user, PresenceState.Offline, null);
        }
    }

    private IReadOnlyList<ChatSession>? Put(Watched watched, NodeId node, Presence presence)
    {
        watched.Nodes[node] = (presence, ++told);
        var now = watched.Combine(presence.User);
        if (now == watched.Told)
        {
            return null;
        }

        watched.Told = now;
        return [.. watched.Sessions];
    }

    private sealed class Watched
    {
        public HashSet<ChatSession> Sessions { get; } = [];

        public Dictionary<NodeId, (Presence Presence, long Told)> Nodes { get; } = [];

        /// <summary>What the watchers were last told by an event.</summary>
        public Presence? Told { get; set; }

        public Presence Combine(UserId user)
        {
            var result = new Presence(user, PresenceState.Offline, null);
            foreach (var (presence, _) in Nodes.Values)
            {
                var seen = presence.LastSeen > (result.LastSeen ?? default) ? presence.LastSeen : result.LastSeen;
                result = new Presence(user, (PresenceState)Math.Max((int)result.State, (int)presence.State), seen);
            }

            return result;
        }
    }
}
