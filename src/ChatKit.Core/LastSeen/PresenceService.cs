using System.Collections.Concurrent;
using ChatKit.Delivery;
using ChatKit.Sessions;
using Microsoft.Extensions.Options;

namespace ChatKit.LastSeen;

/// <summary>Who is there (ARCHITECTURE, rule 16). Only user activity makes somebody online or moves last seen; app activity keeps
/// the session and nothing else. Told only to sessions that watch.</summary>
internal sealed class PresenceService(
    SessionTable sessions, ISessionRegistry registry, ILastSeenStore store, Dispatcher dispatcher, NodeIdentity node,
    TimeProvider time, IOptions<ChatKitOptions> options)
{
    public const int MaxWatched = 200;

    private readonly ConcurrentDictionary<UserId, LocalPresence> local = new();
    private readonly PresenceWatches watches = new();
    private readonly Lock gate = new();
    private Dictionary<UserId, DateTimeOffset> unsaved = [];
    private HashSet<UserId> arrivals = [];

    public void SessionOpened(UserId user, bool background)
    {
        lock (gate)
        {
            local.GetOrAdd(user, _ => new LocalPresence()).Sessions++;
        }

        if (!background)
        {
            UserActive(user);
        }
    }

    public void SessionClosed(UserId user)
    {
        lock (gate)
        {
            if (local.TryGetValue(user, out var presence) && --presence.Sessions <= 0)
            {
                local.TryRemove(user, out _);
                if (presence.Shown != PresenceState.Offline)
                {
                    Publish(new Presence(user, PresenceState.Offline, presence.ActiveAt));
                }
            }
        }
    }

    /// <summary>The user touched, typed or read.</summary>
    public void UserActive(UserId user)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            unsaved[user] = now;
            if (!local.TryGetValue(user, out var presence))
            {
                return; // Plain HTTP without a connection: last seen moves, online does not.
            }

            presence.ActiveAt = now;
            if (presence.Shown != PresenceState.Online)
            {
                presence.Shown = PresenceState.Online;
                arrivals.Add(user);
                Publish(new Presence(user, PresenceState.Online, now));
            }
        }
    }

    /// <summary>Stores soon that users have come, so that other nodes find it; and tells it again, for those who looked in between.</summary>
    public async ValueTask SaveArrivalsAsync(CancellationToken cancellationToken)
    {
        HashSet<UserId> users;
        lock (gate)
        {
            if (arrivals.Count == 0)
            {
                return;
            }

            (users, arrivals) = (arrivals, []);
        }

        try
        {
            await SaveAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            lock (gate)
            {
                arrivals.UnionWith(users);
            }

            throw;
        }

        Tell(users);
    }

    /// <summary>Tells other nodes everything again: they may have taken this one for dead.</summary>
    public void TellAll() => Tell(local.Keys);

    /// <summary>Shows those as away who have not been active for a while.</summary>
    public void Sweep()
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            foreach (var (user, presence) in local)
            {
                if (presence.Shown == PresenceState.Online && now - presence.ActiveAt > options.Value.OnlineFor)
                {
                    presence.Shown = PresenceState.Away;
                    Publish(new Presence(user, PresenceState.Away, presence.ActiveAt));
                }
            }
        }
    }

    /// <summary>Stores last seen; on a failure it is kept for the next time.</summary>
    public async ValueTask SaveAsync(CancellationToken cancellationToken)
    {
        Dictionary<UserId, DateTimeOffset> rows;
        lock (gate)
        {
            if (unsaved.Count == 0)
            {
                return;
            }

            (rows, unsaved) = (unsaved, []);
        }

        try
        {
            await store.TouchAsync([.. rows.Select(row => new LastSeenRow(row.Key, row.Value))], cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            lock (gate)
            {
                foreach (var (user, at) in rows)
                {
                    unsaved.TryAdd(user, at);
                }
            }

            throw;
        }
    }

    public async ValueTask<IReadOnlyList<Presence>> GetAsync(IReadOnlyList<UserId> users, CancellationToken cancellationToken)
    {
        var seen = await store.GetAsync(users, cancellationToken).ConfigureAwait(false);
        var elsewhere = await registry.GetAsync(users, cancellationToken).ConfigureAwait(false);
        var result = new Presence[users.Count];
        for (var i = 0; i < users.Count; i++)
        {
            result[i] = Combine(users[i], seen[i], elsewhere[i]);
        }

        return result;
    }

    /// <summary>From now on a session sees the presence of these users, and no longer of those before.</summary>
    /// <returns>Their presence now.</returns>
    public async ValueTask<IReadOnlyList<Presence>> WatchAsync(ChatSession session, IReadOnlyList<UserId> users, CancellationToken cancellationToken)
    {
        // Watched before it is read, so that no change falls between.
        watches.Set(session, users);
        return await GetAsync(users, cancellationToken).ConfigureAwait(false);
    }

    public void Unwatch(ChatSession session) => watches.Set(session, []);

    /// <summary>A node says that a user's presence by its sessions has changed.</summary>
    public void OnChanged(PresenceChanged message)
    {
        Show(message.Presence.User, watches.Note(message));
    }

    /// <summary>Watchers learn of those whom a dead node had told as present: when its lease has ended, its sessions are gone (rule 16).</summary>
    public async ValueTask SweepLeasesAsync(CancellationToken cancellationToken)
    {
        foreach (var chunk in watches.Elsewhere(node.Id).Chunk(MaxWatched))
        {
            var records = await registry.GetAsync([.. chunk.Select(told => told.Presence.User)], cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < chunk.Length; i++)
            {
                var (there, presence, told) = chunk[i];
                if (!records[i].Any(record => record.Node == there))
                {
                    Show(presence.User, watches.Gone(there, presence, told));
                }
            }
        }
    }

    private void Show(UserId user, IReadOnlyList<ChatSession>? watchers)
    {
        if (watchers is null)
        {
            return;
        }

        var outgoing = WireEvents.Presence(watches.StateOf(user));
        foreach (var session in watchers)
        {
            session.Pump.Post(outgoing);
        }
    }

    private void Tell(IEnumerable<UserId> users)
    {
        lock (gate)
        {
            foreach (var user in users)
            {
                if (local.TryGetValue(user, out var presence) && presence.Shown != PresenceState.Offline)
                {
                    Publish(new Presence(user, presence.Shown, presence.ActiveAt));
                }
            }
        }
    }

    private Presence Combine(UserId user, DateTimeOffset? seen, IReadOnlyList<SessionRecord> records)
    {
        var state = PresenceState.Offline;
        lock (gate)
        {
            if (unsaved.TryGetValue(user, out var at) && (seen is null || at > seen))
            {
                seen = at;
            }

            if (local.TryGetValue(user, out var presence))
            {
                state = presence.Shown;
                watches.Seed(node.Id, new Presence(user, presence.Shown, presence.ActiveAt));
                seen = presence.ActiveAt > (seen ?? default) ? presence.ActiveAt : seen;
            }
        }

        // Another node knows his activity better; the store has it a few seconds later.
        foreach (var record in records)
        {
            if (record.Node != node.Id && seen >= record.ConnectedAt)
            {
                var there = time.GetUtcNow() - seen.Value <= options.Value.OnlineFor ? PresenceState.Online : PresenceState.Away;
                watches.Seed(record.Node, new Presence(user, there, seen));
                state = (PresenceState)Math.Max((int)state, (int)there);
            }
        }

        return new Presence(user, state, seen);
    }

    private void Publish(Presence presence)
    {
        if (!sessions.IsEmpty || presence.State == PresenceState.Offline)
        {
            dispatcher.Enqueue(new PresenceChanged(node.Id, presence));
        }
    }

    private sealed class LocalPresence
    {
        public int Sessions { get; set; }

        public DateTimeOffset? ActiveAt { get; set; }

        public PresenceState Shown { get; set; }
    }
}
