using ChatKit.Sessions;

namespace ChatKit.LastSeen;

/// <summary>Which sessions of this node watch whom, and what each node last said of those who are watched. Thread-safe.</summary>
internal sealed class PresenceWatches
{
    private readonly Lock gate = new();
    private readonly Dictionary<ChatSession, IReadOnlyList<UserId>> bySession = [];
    private readonly Dictionary<UserId, Watched> byUser = [];

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

    /// <returns>Who watches that user here; null for nobody.</returns>
    public IReadOnlyList<ChatSession>? Note(PresenceChanged message)
    {
        lock (gate)
        {
            if (!byUser.TryGetValue(message.Presence.User, out var watched))
            {
                return null;
            }

            watched.Nodes[message.Node] = message.Presence;
            return [.. watched.Sessions];
        }
    }

    /// <summary>The most present state any node told of.</summary>
    public Presence StateOf(UserId user)
    {
        lock (gate)
        {
            var result = new Presence(user, PresenceState.Offline, null);
            if (byUser.TryGetValue(user, out var watched))
            {
                foreach (var presence in watched.Nodes.Values)
                {
                    var seen = presence.LastSeen > (result.LastSeen ?? default) ? presence.LastSeen : result.LastSeen;
                    result = new Presence(user, (PresenceState)Math.Max((int)result.State, (int)presence.State), seen);
                }
            }

            return result;
        }
    }

    private sealed class Watched
    {
        public HashSet<ChatSession> Sessions { get; } = [];

        public Dictionary<NodeId, Presence> Nodes { get; } = [];
    }
}
