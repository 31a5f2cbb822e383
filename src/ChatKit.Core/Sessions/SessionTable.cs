using System.Collections.Concurrent;

namespace ChatKit.Sessions;

/// <summary>The connections this node holds, by user. A user without one leaves no trace.</summary>
internal sealed class SessionTable
{
    private readonly ConcurrentDictionary<UserId, ChatSession[]> sessions = new();

    public bool IsEmpty => sessions.IsEmpty;

    public bool TryGet(UserId user, out ChatSession[] found) => sessions.TryGetValue(user, out found!);

    public IEnumerable<ChatSession> All => sessions.Values.SelectMany(list => list);

    public void Add(ChatSession session) =>
        sessions.AddOrUpdate(session.User, _ => [session], (_, old) => [.. old, session]);

    public void Remove(ChatSession session)
    {
        while (sessions.TryGetValue(session.User, out var old))
        {
            var left = Array.FindAll(old, other => other != session);
            var done = left.Length == 0
                ? sessions.TryRemove(new KeyValuePair<UserId, ChatSession[]>(session.User, old))
                : sessions.TryUpdate(session.User, left, old);
            if (done)
            {
                return;
            }
        }
    }
}
