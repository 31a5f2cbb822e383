using ChatKit.Wire;

namespace ChatKit.Testing;

/// <summary>One log as all records together show it, and what follows from it: members, what each may see, the present state of messages.</summary>
internal sealed class ConversationModel(string id)
{
    private readonly Dictionary<string, List<(long From, long To)>> intervals = new(StringComparer.Ordinal);
    private readonly Dictionary<long, List<WireEntry>> changes = [];
    private readonly Dictionary<string, string> roles = new(StringComparer.Ordinal);

    public string Id { get; } = id;

    /// <summary>The entries anybody saw, by position.</summary>
    public SortedDictionary<long, WireEntry> Entries { get; } = [];

    /// <summary>The last position anybody heard of.</summary>
    public long Last { get; set; }

    public bool IsDirect { get; private set; }

    /// <summary>Whether members see the time before they joined.</summary>
    public bool HistoryAll { get; set; }

    /// <summary>The present members and their roles.</summary>
    public IReadOnlyDictionary<string, string> Members => roles;

    public IEnumerable<string> Users => intervals.Keys;

    /// <summary>Whether the log shows who its members are: without its first entry nothing of that is known.</summary>
    public bool IsKnown => intervals.Count > 0;

    /// <summary>Works out who was a member when; after all entries are there.</summary>
    public void Derive()
    {
        foreach (var (seq, entry) in Entries)
        {
            if (entry is not { Kind: "membership", Change: { } change })
            {
                continue;
            }

            switch (change.Action)
            {
                case "created":
                    IsDirect = change.Kind == "direct";
                    foreach (var user in change.Users.Append(entry.From).Distinct(StringComparer.Ordinal))
                    {
                        Join(user, seq, user == entry.From && !IsDirect ? "owner" : "member");
                    }

                    break;
                case "added":
                    foreach (var user in change.Users)
                    {
                        Join(user, seq, "member");
                    }

                    break;
                case "removed" or "left":
                    foreach (var user in change.Action == "left" && change.Users.Count == 0 ? [entry.From] : change.Users)
                    {
                        Leave(user, seq);
                    }

                    break;
                case "roleChanged":
                    foreach (var user in change.Users.Where(roles.ContainsKey))
                    {
                        roles[user] = change.Role ?? "member";
                    }

                    break;
            }
        }
    }

    public bool IsMember(string user) => roles.ContainsKey(user);

    /// <summary>Whether he was a member at this position; the entry that made or unmade him one counts.</summary>
    public bool WasMember(string user, long seq) => intervals.TryGetValue(user, out var all) && all.Any(one => seq >= one.From && seq <= one.To);

    /// <summary>Whether he left, or was removed, before this position and came back.</summary>
    public bool WasAway(string user, long before) => intervals.TryGetValue(user, out var all) && all[0].To < before;

    /// <summary>The positions that had to reach his devices, from where they began.</summary>
    public IEnumerable<long> MustGet(string user, long from)
    {
        foreach (var (joined, left) in intervals.GetValueOrDefault(user) ?? [])
        {
            for (var seq = Math.Max(from, joined); seq <= Math.Min(left, Last); seq++)
            {
                yield return seq;
            }
        }
    }

    /// <summary>Whether he may have got it as an entry at some time: what a member of a group that shows all was sent stays his when he leaves.</summary>
    public bool MayGet(string user, long seq)
    {
        if (!intervals.TryGetValue(user, out var all))
        {
            return false;
        }

        return IsDirect || WasMember(user, seq) || (HistoryAll && seq <= (IsMember(user) ? long.MaxValue : all[^1].To));
    }

    /// <summary>Whether he sees it now: a former member only what was written in his time.</summary>
    public bool Sees(string user, long seq) => IsDirect ? intervals.ContainsKey(user) : WasMember(user, seq) || (HistoryAll && IsMember(user));

    /// <summary>The last position he may see.</summary>
    public long EndFor(string user) => intervals.TryGetValue(user, out var all) ? Math.Min(all[^1].To, Last) : 0;

    /// <summary>What is unread behind a mark, by rule 3.</summary>
    public long Unread(string user, long read) =>
        Entries.Values.Count(e => e.Seq > read && e.Counts == true && e.From != user && Sees(user, e.Seq) && Changes(e.Seq).All(static c => c.Kind != "deletion"));

    /// <summary>The edits and deletions of a message, in order.</summary>
    public IReadOnlyList<WireEntry> Changes(long seq) => changes.TryGetValue(seq, out var found) ? found : [];

    /// <summary>The messages he may see.</summary>
    public IEnumerable<WireEntry> MessagesFor(string user) => Entries.Values.Where(e => e.Kind == "message" && Sees(user, e.Seq));

    /// <summary>Remembers an entry; the richest sight of it stays.</summary>
    /// <returns>The entry seen before, when it was another one.</returns>
    public WireEntry? Add(WireEntry entry)
    {
        Last = Math.Max(Last, entry.Seq);
        if (!Entries.TryGetValue(entry.Seq, out var known))
        {
            Entries.Add(entry.Seq, entry);
            if (entry is { Kind: "edit" or "deletion", Target: { } target })
            {
                if (!changes.TryGetValue(target, out var list))
                {
                    changes.Add(target, list = []);
                }

                list.Add(entry);
                list.Sort(static (a, b) => a.Seq.CompareTo(b.Seq));
            }

            return null;
        }

        if (known.Kind != entry.Kind || known.From != entry.From || known.Id != entry.Id || known.Target != entry.Target)
        {
            return known;
        }

        if (known.Version is not null && entry.Version is null)
        {
            Entries[entry.Seq] = entry; // As it was before it was changed.
        }
        else if (known.Version == entry.Version && known.Deleted == entry.Deleted && known.Text != entry.Text)
        {
            return known;
        }

        return null;
    }

    private void Join(string user, long seq, string role)
    {
        if (!intervals.TryGetValue(user, out var all))
        {
            intervals.Add(user, all = []);
        }

        if (all.Count == 0 || all[^1].To != long.MaxValue)
        {
            all.Add((seq, long.MaxValue));
        }

        roles[user] = role;
    }

    private void Leave(string user, long seq)
    {
        if (intervals.TryGetValue(user, out var all) && all[^1].To == long.MaxValue)
        {
            all[^1] = (all[^1].From, seq);
        }

        roles.Remove(user);
    }
}
