using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing.Lists;

/// <summary>Conversations of a tenant in the plugs of one store, and what a user's list must say of them: worked out from whole logs, the slow and plain way.</summary>
internal sealed class ListScene(IMessageStore store, IReceiptStore receipts, IGroupDirectory groups, SettableClock? clock, string tenant = "")
{
    private readonly List<ConversationId> _conversations = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public IReadOnlyList<ConversationId> Conversations => _conversations;

    public UserId User(string name) => new(name, tenant);

    public async Task<ConversationId> CreateAsync(GroupHistory history, params string[] members)
    {
        var id = Make.Conversation(tenant);
        var change = new MembershipChange
        {
            Action = MembershipAction.Created,
            Kind = ConversationKind.Group,
            History = history,
            Members = [.. members.Select(name => new MemberChange(name))],
        };
        await ApplyAsync(id, 0, change);
        _conversations.Add(id);
        return id;
    }

    public async Task<long> ChangeAsync(ConversationId id, MembershipAction action, params string[] members)
    {
        var head = (await store.GetHeadsAsync([id], Token))[0]!;
        return await ApplyAsync(id, head.MembershipVersion, new MembershipChange { Action = action, Members = [.. members.Select(name => new MemberChange(name))] });
    }

    public async Task<long> SendAsync(ConversationId id, string text, bool counts = true) =>
        await AppendAsync(version => Make.Message(id, User("ann"), text, version, counts), id);

    public async Task<long> EditAsync(ConversationId id, long target, string text) =>
        await AppendAsync(version => Make.Edit(id, User("ann"), target, text, version), id);

    public async Task<long> DeleteAsync(ConversationId id, long target) =>
        await AppendAsync(version => Make.Deletion(id, User("ann"), target, version), id);

    public async Task MarkAsync(ConversationId id, string user, long read) => await receipts.AdvanceAsync([new Receipt(id, User(user), read, read)], Token);

    /// <summary>The whole list, in its order.</summary>
    public async Task<IReadOnlyList<ConversationListRow>> ExpectAsync(string user)
    {
        var rows = new List<ConversationListRow>();
        foreach (var membership in await groups.ListAsync(User(user), null, 10_000, Token))
        {
            rows.Add(await ExpectAsync(User(user), membership));
        }

        return [.. rows.OrderByDescending(row => row.LastActivityAt).ThenBy(row => row.Head.Conversation.Value, IdOrder.Comparer)];
    }

    private async Task<ConversationListRow> ExpectAsync(UserId user, UserMembership membership)
    {
        var id = membership.Conversation;
        var head = (await store.GetHeadsAsync([id], Token))[0]!;
        var entries = (await store.ReadAsync([new LogRange(id, 1, long.MaxValue, 10_000)], Token))[0];
        var messages = (await store.ReadAsync([new LogRange(id, 1, long.MaxValue, 10_000, View: LogView.Messages)], Token))[0];
        var own = (await receipts.GetForUserAsync(user, [id], Token))[0];
        var left = membership.Intervals[^1].Left;
        var last = left ?? head.LastSeq;
        return new ConversationListRow
        {
            Membership = membership,
            Head = head,
            LastSeq = last,
            LastActivityAt = left is null ? head.LastActivityAt : entries.FirstOrDefault(entry => entry.Seq == left)?.AcceptedAt ?? DateTimeOffset.UnixEpoch,
            Own = own,
            Unread = entries.Count(entry => entry.Header.Counts && !entry.Erased && entry.Seq > own.Read && Sees(membership, entry.Seq)),
            LastMessage = messages.LastOrDefault(message => Sees(membership, message.Seq)),
        };
    }

    private static bool Sees(UserMembership membership, long seq) =>
        (membership.IsMember && membership.History == GroupHistory.All)
        || membership.Intervals.Any(interval => seq >= interval.Joined && seq <= (interval.Left ?? long.MaxValue));

    private async Task<long> ApplyAsync(ConversationId id, long version, MembershipChange change)
    {
        var request = Make.Request(id, User("ann"), version, EntryKind.Membership, change.ToBody().ToArray(), contentType: MembershipChange.ContentType);
        var seq = await StoreAsync(request);
        Assert.Equal([DirectoryOutcome.Applied], await groups.ApplyAsync([new DirectoryChange(id, seq, version, change)], Token));
        return seq;
    }

    private async Task<long> AppendAsync(Func<long, AppendRequest> make, ConversationId id) =>
        await StoreAsync(make((await store.GetHeadsAsync([id], Token))[0]!.MembershipVersion));

    private async Task<long> StoreAsync(AppendRequest request)
    {
        var result = Assert.Single(await store.AppendAsync([request], Token));
        Assert.Equal(AppendOutcome.Appended, result.Outcome);
        clock?.Move(TimeSpan.FromMilliseconds(250));
        return result.Seq;
    }
}
