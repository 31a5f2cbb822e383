using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

/// <summary>What every <see cref="IReceiptStore"/> does (rule 8).</summary>
public abstract partial class ReceiptStoreConformance : StorageConformance
{
    private IReceiptStore Store => Plug<IReceiptStore>();

    /// <summary>Where there are no marks, a user's are zeros and a conversation's list is empty.</summary>
    [ConformanceFact]
    public async Task Without_marks_there_are_zeros()
    {
        var (id, user) = (Make.Conversation(), Make.User());
        Assert.Equal([new Receipt(id, user, 0, 0)], await Store.GetForUserAsync(user, [id], Token));
        Assert.Empty(Assert.Single(await Store.GetAsync([id], Token)));
        Assert.Empty(await Store.GetAsync([], Token));
        Assert.Empty(await Store.GetForUserAsync(user, [], Token));
        await Store.AdvanceAsync([], Token);
    }

    /// <summary>Rule 8: each mark only moves forward, each by itself; 0 leaves a mark alone.</summary>
    [ConformanceFact]
    public async Task Marks_only_move_forward()
    {
        var (id, user) = (Make.Conversation(), Make.User());
        await AdvanceToAsync(id, user, (5, 2), (5, 2));
        await AdvanceToAsync(id, user, (3, 1), (5, 2));
        await AdvanceToAsync(id, user, (0, 4), (5, 4));
        await AdvanceToAsync(id, user, (8, 0), (8, 4));
        await AdvanceToAsync(id, user, (0, 0), (8, 4));
        await AdvanceToAsync(id, user, (8, 3), (8, 4));
        await AdvanceToAsync(id, user, (long.MaxValue, long.MaxValue), (long.MaxValue, long.MaxValue));
    }

    /// <summary>Rule 8: reading up to n is also delivery up to n.</summary>
    [ConformanceFact]
    public async Task Read_is_also_delivered()
    {
        var (id, user) = (Make.Conversation(), Make.User());
        await AdvanceToAsync(id, user, (0, 3), (3, 3));
        await AdvanceToAsync(id, user, (5, 0), (5, 3));
        await AdvanceToAsync(id, user, (4, 9), (9, 9));
        await AdvanceToAsync(id, user, (6, 0), (9, 9));
    }

    /// <summary>Several rows of one user and conversation in a batch are merged.</summary>
    [ConformanceFact]
    public async Task Rows_of_one_batch_are_merged()
    {
        var (id, user, other) = (Make.Conversation(), Make.User(), Make.User());
        await Store.AdvanceAsync(
            [new Receipt(id, user, 4, 0), new Receipt(id, other, 1, 1), new Receipt(id, user, 0, 2), new Receipt(id, user, 7, 0), new Receipt(id, user, 3, 1)], Token);
        Assert.Equal([new Receipt(id, user, 7, 2)], await Store.GetForUserAsync(user, [id], Token));
        Assert.Equal([new Receipt(id, other, 1, 1)], await Store.GetForUserAsync(other, [id], Token));
    }

    /// <summary>A row of zeros makes no mark.</summary>
    [ConformanceFact]
    public async Task Zeros_make_no_mark()
    {
        var (id, user) = (Make.Conversation(), Make.User());
        await Store.AdvanceAsync([new Receipt(id, user, 0, 0)], Token);
        Assert.Empty(Assert.Single(await Store.GetAsync([id], Token)));
    }

    /// <summary>Conversations are answered one by one, in order, each with all its users' marks.</summary>
    [ConformanceFact]
    public async Task Conversations_are_answered_in_order()
    {
        var (one, other, none) = (Make.Conversation(), Make.Conversation(), Make.Conversation());
        var (ann, ben) = (Make.User("ann"), Make.User("ben"));
        Receipt[] marks = [new(one, ann, 1, 1), new(one, ben, 2, 0), new(other, ann, 3, 2)];
        await Store.AdvanceAsync(marks, Token);
        var answers = await Store.GetAsync([other, none, one, other], Token);
        Assert.Equal(4, answers.Count);
        Assert.Equal([marks[2]], answers[0]);
        Assert.Empty(answers[1]);
        Assert.Equivalent(marks[..2], answers[2], strict: true);
        Assert.Equal([marks[2]], answers[3]);
        Assert.Equal([marks[2], new Receipt(none, ann, 0, 0), marks[0]], await Store.GetForUserAsync(ann, [other, none, one], Token));
    }

    /// <summary>A conversation may have a thousand readers, and a batch as many rows.</summary>
    [ConformanceFact]
    public async Task A_thousand_users_have_their_marks()
    {
        var id = Make.Conversation();
        Receipt[] marks = [.. Enumerable.Range(1, 1_000).Select(n => new Receipt(id, new UserId($"u{n}"), n + 1, n))];
        await Store.AdvanceAsync(marks, Token);
        Assert.Equal(marks.ToHashSet(), Assert.Single(await Store.GetAsync([id], Token)).ToHashSet());
    }

    /// <summary>Rule 17: tenants share nothing, and ids are compared ordinally.</summary>
    [ConformanceFact]
    public async Task Ids_and_tenants_are_told_apart()
    {
        var name = Make.Conversation().Value;
        List<Receipt> marks = [];
        foreach (var tenant in Texts.Tenants)
        {
            marks.AddRange(Texts.Alike.Select((text, n) => new Receipt(new ConversationId(name, tenant), new UserId(text, tenant), n + 2 + tenant.Length, n + 1)));
            marks.AddRange(Texts.Alike.Select((text, n) => new Receipt(new ConversationId(text, tenant), new UserId("u", tenant), n + 200, n + 100)));
        }

        marks = [.. marks.DistinctBy(mark => (mark.Conversation, mark.User))];
        await Store.AdvanceAsync(marks, Token);
        foreach (var mark in marks)
        {
            Assert.Equal([mark], await Store.GetForUserAsync(mark.User, [mark.Conversation], Token));
        }

        foreach (var group in marks.GroupBy(mark => mark.Conversation))
        {
            Assert.Equal(group.ToHashSet(), Assert.Single(await Store.GetAsync([group.Key], Token)).ToHashSet());
        }
    }

    /// <summary>Rule 8: moves that race leave the highest of each mark.</summary>
    [ConformanceFact]
    public async Task Racing_moves_leave_the_highest()
    {
        var (id, user, other) = (Make.Conversation(), Make.User(), Make.User());
        await Racing.RunAsync(8, async n =>
        {
            for (var k = 1; k <= 20; k++)
            {
                // Opposite orders in one batch find stores that lock row by row.
                Receipt[] batch = [new(id, user, (k * 10) + n, k), new(id, other, k, 0)];
                await Store.AdvanceAsync(n % 2 == 0 ? batch : [.. batch.Reverse()], Token);
            }

            return n;
        });
        Assert.Equal([new Receipt(id, user, 207, 20)], await Store.GetForUserAsync(user, [id], Token));
        Assert.Equal([new Receipt(id, other, 20, 0)], await Store.GetForUserAsync(other, [id], Token));
    }

    /// <summary>Promise: marks outlive a restart.</summary>
    [ConformanceFact]
    public async Task Marks_outlive_a_restart()
    {
        var (id, user) = (Make.Conversation("acme"), Make.User("ann", "acme"));
        await AdvanceToAsync(id, user, (9, 4), (9, 4));
        await ReopenAsync();
        await AdvanceToAsync(id, user, (2, 5), (9, 5));
    }

    private async Task AdvanceToAsync(ConversationId id, UserId user, (long Delivered, long Read) by, (long Delivered, long Read) to)
    {
        await Store.AdvanceAsync([new Receipt(id, user, by.Delivered, by.Read)], Token);
        var expected = new Receipt(id, user, to.Delivered, to.Read);
        Assert.Equal([expected], await Store.GetForUserAsync(user, [id], Token));
        Assert.Equal([expected], Assert.Single(await Store.GetAsync([id], Token)));
    }
}
