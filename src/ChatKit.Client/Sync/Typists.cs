namespace ChatKit.Client.Sync;

/// <summary>Who types where, and ends it when the server says nothing more. Called under the gate; the timers take it themselves.</summary>
internal sealed class Typists(Lock gate, TimeProvider time, Action<TypingUpdated> changed)
{
    private readonly Dictionary<(ConversationId Conversation, UserId User), ITimer> typing = [];

    /// <summary>Longer than any sensible server says; bounds what a wrong clock can do.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <param name="conversation">The conversation.</param>
    /// <param name="user">Who.</param>
    /// <param name="remaining">How long it lasts; null or not positive: it ended.</param>
    public void Set(ConversationId conversation, UserId user, TimeSpan? remaining)
    {
        var key = (conversation, user);
        var was = typing.Remove(key, out var timer);
        timer?.Dispose();
        if (remaining is { Ticks: > 0 } left)
        {
            ITimer? mine = null;
            mine = time.CreateTimer(_ => End(key, mine), null, left < Longest ? left : Longest, Timeout.InfiniteTimeSpan);
            typing[key] = mine;
        }

        var now = typing.ContainsKey(key);
        if (was != now)
        {
            changed(new TypingUpdated(conversation, user, now));
        }
    }

    public void Clear()
    {
        foreach (var (conversation, user) in typing.Keys.ToList())
        {
            Set(conversation, user, null);
        }
    }

    private void End((ConversationId Conversation, UserId User) key, ITimer? mine)
    {
        lock (gate)
        {
            if (typing.TryGetValue(key, out var present) && ReferenceEquals(present, mine))
            {
                Set(key.Conversation, key.User, null);
            }
        }
    }
}
