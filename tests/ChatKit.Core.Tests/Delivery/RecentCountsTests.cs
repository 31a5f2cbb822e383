using ChatKit.Delivery;
using Microsoft.Extensions.Time.Testing;

namespace ChatKit.Core.Tests.Delivery;

/// <summary>Unread counts of the newest entries, without the store (rule 3).</summary>
public sealed class RecentCountsTests
{
    private static readonly ConversationId Conversation = new("g_test");
    private readonly FakeTimeProvider clock = new();
    private readonly RecentCounts counts;

    public RecentCountsTests() => counts = new RecentCounts(clock);

    [Fact]
    public void Rule_3_counts_what_is_flagged_and_not_deleted()
    {
        Add(Message(5), Message(6), Entry(7, EntryKind.Reaction, target: 5), Message(8));
        Assert.Equal(3, Count(4, 8));
        Assert.Equal(1, Count(6, 8));
        Assert.Equal(0, Count(8, 8));
        Add(Entry(9, EntryKind.Deletion, target: 8));
        Assert.Equal(2, Count(4, 9));
        Assert.Equal(0, Count(6, 9));
    }

    [Fact]
    public void Knows_nothing_before_its_first_entry_and_after_its_last()
    {
        Assert.Null(Count(0, 1));
        Add(Message(5), Message(6));
        Assert.Null(Count(3, 6));
        Assert.Null(Count(4, 7));
        Assert.Null(Count(4, long.MaxValue));
    }

    [Fact]
    public void Begins_anew_after_a_gap()
    {
        Add(Message(5), Message(6));
        Add(Message(9));
        Assert.Null(Count(4, 9));
        Assert.Equal(1, Count(8, 9));
    }

    [Fact]
    public void A_hint_that_comes_again_changes_nothing()
    {
        Add(Message(5), Message(6));
        Add(Message(5));
        counts.Add(new EntriesAppended(Conversation, 6, 6, 1, Entries: null));
        Assert.Equal(2, Count(4, 6));
    }

    [Fact]
    public void A_hint_without_its_entries_may_hide_a_deletion()
    {
        Add(Message(5), Message(6));
        counts.Add(new EntriesAppended(Conversation, 7, 7, 1, Entries: null));
        Assert.Null(Count(4, 6));
        Add(Message(8));
        Assert.Equal(1, Count(7, 8));
    }

    [Fact]
    public void A_deletion_of_what_is_older_leaves_the_newer_alone()
    {
        Add(Message(5), Entry(6, EntryKind.Deletion, target: 2));
        Assert.Equal(1, Count(4, 6));
    }

    [Fact]
    public void What_is_not_new_any_more_may_have_been_trimmed()
    {
        Add(Message(5), Message(6));
        clock.Advance(TimeSpan.FromSeconds(61));
        Add(Message(7));
        Assert.Null(Count(5, 7));
        Assert.Equal(1, Count(6, 7));
        Assert.Equal(0, Count(7, 7));
    }

    [Fact]
    public void A_long_run_keeps_its_newer_part()
    {
        for (var seq = 1; seq <= 10_000; seq++)
        {
            Add(Message(seq));
        }

        Assert.Null(Count(0, 10_000));
        Assert.Equal(1000, Count(9_000, 10_000));
        Add(Entry(10_001, EntryKind.Deletion, target: 9_500));
        Assert.Equal(999, Count(9_000, 10_001));
    }

    private static LogEntry Message(long seq) => Entry(seq, EntryKind.Message);

    private static LogEntry Entry(long seq, EntryKind kind, long? target = null) => new()
    {
        Conversation = Conversation,
        Seq = seq,
        AcceptedAt = DateTimeOffset.UnixEpoch,
        Sender = new UserId("anna"),
        Command = new CommandId($"c{seq}"),
        Header = new EntryHeader { Kind = kind, ContentType = "text/plain", Counts = kind == EntryKind.Message, Target = target },
        Body = default,
        MembershipVersion = 1,
        Version = seq,
    };

    private void Add(params LogEntry[] entries) => counts.Add(new EntriesAppended(Conversation, entries[0].Seq, entries[^1].Seq, 1, entries));

    private long? Count(long after, long to) => counts.TryCount(Conversation, after, to, out var count) ? count : null;
}
