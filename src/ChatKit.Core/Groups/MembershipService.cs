using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ChatKit.Groups;

/// <summary>Members of conversations from a cache, kept right by versions (ARCHITECTURE, rule 7): whoever learns a version from the log asks
/// for at least that one, and a directory that lags behind the log is given what it lacks.</summary>
internal sealed class MembershipService(IGroupDirectory directory, IMessageStore store, TimeProvider time, ILogger<MembershipService> logger)
{
    private const int CacheLimit = 100_000;
    private static readonly TimeSpan CacheTime = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<ConversationId, Cached> cache = new();

    /// <summary>The cached view, however old. Callers that write are corrected by the store, callers that read ask for a version.</summary>
    public MembershipView? TryGetCached(ConversationId conversation)
    {
        if (!cache.TryGetValue(conversation, out var cached))
        {
            return null;
        }

        cached.UsedAt = time.GetTimestamp();
        return cached.View;
    }

    /// <summary>The members at <paramref name="atLeast"/> or a later version; null when the conversation does not exist.</summary>
    public ValueTask<MembershipView?> GetAsync(ConversationId conversation, long atLeast, CancellationToken cancellationToken) =>
        TryGetCached(conversation) is { } view && view.Version >= atLeast ? new(view) : LoadAsync(conversation, atLeast, cancellationToken);

    public async ValueTask<IReadOnlyList<MembershipView?>> GetManyAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken)
    {
        var views = new MembershipView?[conversations.Count];
        var missing = new List<int>();
        for (var i = 0; i < conversations.Count; i++)
        {
            views[i] = TryGetCached(conversations[i]);
            if (views[i] is null)
            {
                missing.Add(i);
            }
        }

        if (missing.Count > 0)
        {
            var found = await directory.GetAsync([.. missing.Select(i => conversations[i])], cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < missing.Count; i++)
            {
                views[missing[i]] = found[i] is { } membership ? Remember(membership) : null;
            }
        }

        return views;
    }

    /// <summary>What a user sees of a conversation, by the members at <paramref name="atLeast"/> or later.</summary>
    public async ValueTask<Visibility> GetVisibilityAsync(ConversationId conversation, UserId user, long atLeast, CancellationToken cancellationToken)
    {
        var view = await GetAsync(conversation, atLeast, cancellationToken).ConfigureAwait(false);
        if (view is null)
        {
            return Visibility.None;
        }

        if (view.TryGet(user, out var member)
            && (view.Membership.Kind == ConversationKind.Direct || view.Membership.History == GroupHistory.All))
        {
            return Visibility.Since(view.Membership.Kind == ConversationKind.Direct ? member.Joined : 1);
        }

        var memberships = await directory.GetForUserAsync(user, [conversation], cancellationToken).ConfigureAwait(false);
        return Visibility.From(memberships[0]);
    }

    /// <summary>Where a user first joined a conversation; null when the directory does not know him there.</summary>
    public async ValueTask<long?> FirstJoinedAsync(ConversationId conversation, UserId user, CancellationToken cancellationToken) =>
        (await directory.GetForUserAsync(user, [conversation], cancellationToken).ConfigureAwait(false))[0] is { Intervals: [var first, ..] } ? first.Joined : null;

    /// <summary>All conversations a user is or was a member of.</summary>
    public async ValueTask<List<UserMembership>> ListAsync(UserId user, CancellationToken cancellationToken)
    {
        const int page = 1000;
        var all = new List<UserMembership>();
        while (true)
        {
            var part = await directory.ListAsync(user, all.Count == 0 ? null : all[^1].Conversation, page, cancellationToken).ConfigureAwait(false);
            all.AddRange(part);
            if (part.Count < page)
            {
                return all;
            }
        }
    }

    /// <summary>Brings a committed membership entry into the directory. When the directory cannot take it now, the cached view is dropped,
    /// and the feed's reader tries again.</summary>
    public async ValueTask ApplyAsync(LogEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            var change = new DirectoryChange(entry.Conversation, entry.Seq, entry.MembershipVersion, MembershipChange.FromBody(entry.Body.Span));
            var outcomes = await directory.ApplyAsync([change], cancellationToken).ConfigureAwait(false);
            if (outcomes[0] == DirectoryOutcome.Missing)
            {
                await CatchUpAsync(entry.Conversation, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                NoteDiverged(change, outcomes[0]);
                await ReadAsync(entry.Conversation, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (ChatStoreException exception)
        {
            cache.TryRemove(entry.Conversation, out _);
            GroupsLog.DirectoryLags(logger, entry.Conversation, entry.Seq, exception);
        }
    }

    /// <summary>Drops views nobody asked for lately, so that the cache does not grow with the conversations of the past.</summary>
    public void Trim()
    {
        var crowded = cache.Count > CacheLimit;
        foreach (var (conversation, cached) in cache)
        {
            if (crowded || time.GetElapsedTime(cached.UsedAt) > CacheTime)
            {
                cache.TryRemove(conversation, out _);
            }
        }
    }

    /// <summary>Walks the membership entries of the log back to what the directory has, and applies them forwards.</summary>
    public async ValueTask<MembershipView?> CatchUpAsync(ConversationId conversation, CancellationToken cancellationToken)
    {
        var known = (await directory.GetAsync([conversation], cancellationToken).ConfigureAwait(false))[0]?.Version ?? 0;
        var head = (await store.GetHeadsAsync([conversation], cancellationToken).ConfigureAwait(false))[0];
        var changes = new Stack<DirectoryChange>();
        for (var version = head?.MembershipVersion ?? 0; version > known;)
        {
            var entries = (await store.ReadAsync([new LogRange(conversation, version, version, 1)], cancellationToken).ConfigureAwait(false))[0];
            if (entries.Count == 0)
            {
                // Retention removed it: the directory keeps what it has.
                GroupsLog.MembershipTrimmed(logger, conversation, version);
                break;
            }

            changes.Push(new DirectoryChange(conversation, version, entries[0].MembershipVersion, MembershipChange.FromBody(entries[0].Body.Span)));
            version = entries[0].MembershipVersion;
        }

        if (changes.Count > 0)
        {
            var outcomes = await directory.ApplyAsync([.. changes], cancellationToken).ConfigureAwait(false);
            NoteDiverged(changes.Peek(), outcomes[0]);
        }

        return await ReadAsync(conversation, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<MembershipView?> LoadAsync(ConversationId conversation, long atLeast, CancellationToken cancellationToken)
    {
        var view = await ReadAsync(conversation, cancellationToken).ConfigureAwait(false);
        return view is not null && view.Version >= atLeast || atLeast == 0
            ? view
            : await CatchUpAsync(conversation, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<MembershipView?> ReadAsync(ConversationId conversation, CancellationToken cancellationToken)
    {
        var found = await directory.GetAsync([conversation], cancellationToken).ConfigureAwait(false);
        return found[0] is { } membership ? Remember(membership) : null;
    }

    private void NoteDiverged(DirectoryChange change, DirectoryOutcome outcome)
    {
        if (outcome == DirectoryOutcome.Diverged)
        {
            GroupsLog.DirectoryDiverged(logger, change.Conversation, change.Seq);
        }
    }

    private MembershipView Remember(Membership membership)
    {
        var fresh = new Cached(new MembershipView(membership)) { UsedAt = time.GetTimestamp() };
        return cache.AddOrUpdate(membership.Conversation, fresh, (_, old) => old.View.Version > membership.Version ? old : fresh).View;
    }

    private sealed class Cached(MembershipView view)
    {
        public MembershipView View { get; } = view;

        public long UsedAt { get; set; }
    }
}
