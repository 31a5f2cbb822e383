using System.Runtime.InteropServices;

namespace ChatKit.Messaging;

/// <summary>Collects the entries of a batch: those that follow each other in one conversation travel as one hint.</summary>
internal sealed class EntryRuns
{
    private readonly List<Run> runs = [];
    private readonly Dictionary<ConversationId, int> last = [];

    public void Add(LogEntry entry, long membershipVersion)
    {
        ref var index = ref CollectionsMarshal.GetValueRefOrAddDefault(last, entry.Conversation, out var exists);
        if (exists && runs[index].To + 1 == entry.Seq)
        {
            runs[index].Entries.Add(entry);
            runs[index] = runs[index] with { To = entry.Seq, MembershipVersion = membershipVersion };
            return;
        }

        index = runs.Count;
        runs.Add(new Run([entry], entry.Seq, membershipVersion));
    }

    public List<EntriesAppended> ToHints()
    {
        var hints = new List<EntriesAppended>(runs.Count);
        foreach (var (entries, to, membershipVersion) in runs)
        {
            hints.Add(new EntriesAppended(entries[0].Conversation, entries[0].Seq, to, membershipVersion, entries));
        }

        return hints;
    }

    private readonly record struct Run(List<LogEntry> Entries, long To, long MembershipVersion);
}
