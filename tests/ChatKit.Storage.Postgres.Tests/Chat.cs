namespace ChatKit.Storage.Postgres.Tests;

/// <summary>Short ways to write and read a conversation.</summary>
internal sealed class Chat(IMessageStore store, ConversationId id)
{
    public static readonly UserId Ann = new("ann");

    public ConversationId Id { get; } = id;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<Chat> CreateAsync(IMessageStore store)
    {
        var chat = new Chat(store, ConversationId.NewGroup());
        Assert.Equal(AppendOutcome.Appended, (await chat.SendAsync(chat.Request(EntryKind.Membership, version: 0))).Outcome);
        return chat;
    }

    public AppendRequest Request(EntryKind kind = EntryKind.Message, long version = 1) => new()
    {
        Conversation = Id,
        Sender = Ann,
        Command = CommandId.New(),
        PayloadHash = 1,
        MembershipVersion = version,
        Header = new EntryHeader { Kind = kind, Counts = kind == EntryKind.Message },
        Body = new byte[20],
    };

    public async Task<AppendResult> SendAsync(AppendRequest? request = null) => (await store.AppendAsync([request ?? Request()], Token))[0];

    public async Task<IReadOnlyList<LogEntry>> ReadAsync() => (await store.ReadAsync([new LogRange(Id, 1, long.MaxValue, 10_000)], Token))[0];
}
