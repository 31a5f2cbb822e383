using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.Storage.Benchmarks;

/// <summary>The calls that are made for each message, page, connect and list.</summary>
internal static class HotQueries
{
    public static IReadOnlyList<HotQuery> Of(IServiceProvider plugs, ScaleChat chat)
    {
        var store = plugs.GetRequiredService<IMessageStore>();
        var groups = plugs.GetRequiredService<IGroupDirectory>();
        var receipts = plugs.GetRequiredService<IReceiptStore>();
        var relay = plugs.GetRequiredService<IRelayQueue>();
        var states = plugs.GetRequiredService<IUserStateStore>();
        var mailbox = plugs.GetRequiredService<IDeviceMailbox>();
        var sessions = plugs.GetRequiredService<ISessionRegistry>();
        var identity = plugs.GetRequiredService<IStoreIdentity>();
        var none = CancellationToken.None;
        return
        [
            new("append 1", random => AppendAsync(1, random)),
            new("append 100", random => AppendAsync(100, random), Grows: true),
            new("append a duplicate", async random =>
            {
                var message = ScaleChat.Message(chat.Conversation(1 + random.Next(ScaleChat.PairCount)), 0);
                await store.AppendAsync([message], none);
                await store.AppendAsync([message], none);
            }, Timed: false),
            new("newest page of 50", random => PageAsync(ScaleChat.Choose(random), long.MaxValue, descending: true)),
            new("page of 50 deep in the large group", random => PageAsync(0, random.NextInt64(1, chat.Last(0) + 1), descending: true)),
            new("pull after a cursor, 50", random =>
            {
                var n = ScaleChat.Choose(random);
                return store.ReadAsync([new LogRange(chat.Conversation(n), Math.Max(1, chat.Last(n) - 50), long.MaxValue, 50)], none).AsTask();
            }),
            new("unread count", random =>
            {
                var n = ScaleChat.Choose(random);
                return store.CountAsync([new LogSpan(chat.Conversation(n), chat.Last(n) / 2, long.MaxValue)], none).AsTask();
            }),
            new("heads of 50", random => store.GetHeadsAsync(Some(random, 50), none).AsTask()),
            new("last message of 50", random => store.ReadAsync(
                [.. Some(random, 50).Select(static id => new LogRange(id, 1, long.MaxValue, 1, Descending: true, LogView.Messages))], none).AsTask()),
            new("feed page, the newest 1,000", async _ => await store.ReadFeedAsync(Math.Max(0, (await identity.GetInfoAsync(none)).FeedEnd - 1_000), 1_000, none)),
            new("feed page of 1,000, anywhere", async random =>
            {
                var end = (await identity.GetInfoAsync(none)).FeedEnd;
                await store.ReadFeedAsync(random.NextInt64(0, end), 1_000, none);
            }),
            new("list of conversations, first 50", random =>
                ((IConversationListReader)store).ReadAsync(ScaleChat.Person(random.Next(ScaleChat.People)), null, 50, none).AsTask()),
            new("conversations of a user", random => groups.ListAsync(ScaleChat.Person(random.Next(ScaleChat.People)), null, 100, none).AsTask()),
            new("members of the large group", _ => groups.GetAsync([chat.Conversation(0)], none).AsTask()),
            new("membership of 50 for a user", random => groups.GetForUserAsync(ScaleChat.Person(random.Next(ScaleChat.People)), Some(random, 50), none).AsTask(), Timed: false),
            new("marks of 50 for a user", random => receipts.GetForUserAsync(ScaleChat.Person(random.Next(ScaleChat.People)), Some(random, 50), none).AsTask()),
            new("marks of the large group", _ => receipts.GetAsync([chat.Conversation(0)], none).AsTask(), Timed: false),
            new("marks flushed, 100", random => receipts.AdvanceAsync(
                [.. Enumerable.Range(0, 100).Select(_ => ScaleChat.Choose(random)).Select(n => new Receipt(chat.Conversation(n), ScaleChat.Person(n), chat.Last(n), chat.Last(n)))], none).AsTask()),
            new("cursors flushed, 100", random => relay.AdvanceAsync(
                [.. Enumerable.Range(0, 100).Select(_ => ScaleChat.Choose(random)).Select(n => new DeviceCursor(new DeviceId(ScaleChat.Person(n), "phone"), chat.Conversation(n), chat.Last(n)))], none).AsTask()),
            new("cursors of a device", random => relay.GetCursorsAsync(new DeviceId(ScaleChat.Person(random.Next(ScaleChat.People)), "phone"), none).AsTask()),
            new("mailbox of a device", random => mailbox.ReadAsync(new DeviceId(ScaleChat.Person(random.Next(ScaleChat.People)), "phone"), 0, 100, none).AsTask(), Timed: false),
            new("changes of a user's state", random => states.ReadChangesAsync(ScaleChat.Person(random.Next(ScaleChat.People)), 0, 100, none).AsTask(), Timed: false),
            new("sessions of 100 users", _ => sessions.GetAsync([.. Enumerable.Range(0, 100).Select(ScaleChat.Person)], none).AsTask(), Timed: false),
        ];

        ConversationId[] Some(Random random, int count) =>
            [.. Enumerable.Range(0, count).Select(_ => chat.Conversation(1 + random.Next(ScaleChat.PairCount))).Distinct()];

        async Task AppendAsync(int count, Random random)
        {
            int[] chosen = [.. Enumerable.Range(0, count).Select(_ => ScaleChat.Choose(random))];
            var results = await store.AppendAsync([.. chosen.Select(n => ScaleChat.Message(chat.Conversation(n), n))], none);
            for (var i = 0; i < count; i++)
            {
                chat.Raise(chosen[i], results[i]);
            }
        }

        Task PageAsync(int n, long to, bool descending) =>
            store.ReadAsync([new LogRange(chat.Conversation(n), 1, to, 50, descending, LogView.Messages)], none).AsTask();
    }
}
