namespace ChatKit.Storage.LiteDb.Tests;

/// <summary>Short ways to write and read a conversation.</summary>
internal sealed class Chat(IMessageStore store, ConversationId id, UserId user)
{
    public static readonly UserId Ann = new("ann");

    public ConversationId Id { get; } = id;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<Chat> CreateAsync(IMessageStore store, string name = "g_room")
    {
        var chat = new Chat(store, new ConversationId(name), Ann);
        await store.AppendAsync([chat.Request(EntryKind.Membership, version: 0)], Token);
        return chat;
    }

    public Chat In(IMessageStore other) => new(other, Id, user);

    public AppendRequest Request(EntryKind kind = EntryKind.Message, long version = 1, int size = 20, long? target = null) => new()
    {
        Conversation = Id,
        Sender = user,
        Command = CommandId.New(),
        PayloadHash = 1,
        MembershipVersion = version,
        Header = new EntryHeader { Kind = kind, Counts = kind == EntryKind.Message, Target = target },
        Body = new byte[size],
    };

    public async Task<AppendResult> SendAsync(AppendRequest? request = null) =>
        (await store.AppendAsync([request ?? Request()], Token))[0];

    public async Task<IReadOnlyList<LogEntry>> ReadAsync() =>
        (await store.ReadAsync([new LogRange(Id, 1, long.MaxValue, 10_000)], Token))[0];

    public async Task<long> CountAsync() => (await store.CountAsync([new LogSpan(Id, 0, long.MaxValue)], Token))[0];
}
