using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.Storage.Benchmarks;

/// <summary>The chat that grows: 4,000 conversations of two, each of 200 people in 40 of them, and one group of 100 that takes a twentieth of all messages.</summary>
internal sealed class ScaleChat(IServiceProvider plugs)
{
    public const int PairCount = 4_000;
    public const int People = 200;
    private const int GroupMembers = 100;
    private const int StatesAPerson = 20;
    private const int EnvelopesADevice = 5;
    private const int Batch = 1_000;
    private const int Loaders = 4;

    private static readonly byte[] Body = new byte[200];
    private readonly IMessageStore _store = plugs.GetRequiredService<IMessageStore>();
    private readonly ConversationId[] _all = [new("g_large"), .. Enumerable.Range(0, PairCount).Select(static n => new ConversationId($"g_pair{n:00000}"))];
    private readonly long[] _last = new long[PairCount + 1];

    public long Entries { get; private set; }

    /// <summary>How many there are now, appends of the measurement included.</summary>
    public long Count()
    {
        lock (_last)
        {
            return _last.Sum();
        }
    }

    public static UserId Person(int n) => new($"person-{n % People:0000}");

    public ConversationId Conversation(int n) => _all[n];

    /// <summary>The last <c>Seq</c> of a conversation, as far as loaded.</summary>
    public long Last(int n) => Volatile.Read(ref _last[n]);

    /// <summary>Mostly a pair, each twentieth time the large group.</summary>
    public static int Choose(Random random) => random.Next(20) == 0 ? 0 : 1 + random.Next(PairCount);

    public static AppendRequest Message(ConversationId conversation, int n) => new()
    {
        Conversation = conversation,
        Sender = Person(n),
        Device = "phone",
        Command = CommandId.New(),
        PayloadHash = 1,
        Header = new EntryHeader { Kind = EntryKind.Message, Counts = true },
        Body = Body,
        MembershipVersion = 1,
    };

    /// <summary>Makes the conversations and their members; the first entry of each.</summary>
    public async Task CreateAsync()
    {
        foreach (var chunk in Enumerable.Range(0, _all.Length).Chunk(500))
        {
            var changes = chunk.Select(n => (Id: _all[n], Change: new MembershipChange
            {
                Action = MembershipAction.Created,
                Kind = ConversationKind.Group,
                Members = [.. Members(n).Select(static user => new MemberChange(user.Value))],
            })).ToArray();
            await _store.AppendAsync([.. changes.Select(change => Message(change.Id, 0) with
            {
                Header = new EntryHeader { Kind = EntryKind.Membership, ContentType = MembershipChange.ContentType },
                Body = change.Change.ToBody(),
                MembershipVersion = 0,
            })], CancellationToken.None);
            await plugs.GetRequiredService<IGroupDirectory>().ApplyAsync([.. changes.Select(static change => new DirectoryChange(change.Id, 1, 0, change.Change))], CancellationToken.None);
        }

        for (var n = 0; n < People; n++)
        {
            var (person, device) = (n, new DeviceId(Person(n), "phone"));
            await plugs.GetRequiredService<IUserStateStore>().PutAsync(
                [.. Enumerable.Range(0, StatesAPerson).Select(k => new UserStateRow(Person(person), $"state-{k}", Body))], CancellationToken.None);
            await plugs.GetRequiredService<IDeviceMailbox>().PostAsync([.. Enumerable.Range(0, EnvelopesADevice).Select(k => new MailboxEnvelope
            {
                Device = device, Id = CommandId.New(), ContentType = "application/octet-stream", Body = Body,
            })], CancellationToken.None);
        }

        var node = new NodeId("node");
        await plugs.GetRequiredService<ISessionRegistry>().RenewNodeAsync(node, TimeSpan.FromHours(1), CancellationToken.None);
        await plugs.GetRequiredService<ISessionRegistry>().PutAsync(
            [.. Enumerable.Range(0, People).Select(n => new SessionRecord(new SessionId($"session-{n}"), new DeviceId(Person(n), "phone"), node, DateTimeOffset.UnixEpoch))], CancellationToken.None);
        Array.Fill(_last, 1);
        Entries = _all.Length;
    }

    /// <summary>Appends through the store until there are so many entries, then moves everybody's marks and cursors.</summary>
    public async Task LoadAsync(long entries)
    {
        var missing = entries - Entries;
        await Task.WhenAll(Enumerable.Range(0, Loaders).Select(loader => Task.Run(async () =>
        {
            var random = new Random(loader);
            while (Interlocked.Add(ref missing, -Batch) > -Batch)
            {
                int[] chosen = [.. Enumerable.Range(0, Batch).Select(_ => Choose(random))];
                var results = await _store.AppendAsync([.. chosen.Select(n => Message(_all[n], n))], CancellationToken.None);
                for (var i = 0; i < Batch; i++)
                {
                    Raise(chosen[i], results[i]);
                }
            }
        })));
        Entries = Count();
        foreach (var chunk in Enumerable.Range(0, _all.Length).Chunk(500))
        {
            await plugs.GetRequiredService<IReceiptStore>().AdvanceAsync([.. chunk.SelectMany(n => Members(n).Select(user => new Receipt(_all[n], user, Last(n), Last(n) / 2)))], CancellationToken.None);
            await plugs.GetRequiredService<IRelayQueue>().AdvanceAsync([.. chunk.SelectMany(n => Members(n).Select(user => new DeviceCursor(new DeviceId(user, "phone"), _all[n], Last(n))))], CancellationToken.None);
        }
    }

    public void Raise(int n, AppendResult result)
    {
        if (result.Outcome != AppendOutcome.Appended)
        {
            throw new InvalidOperationException($"A message was not appended but {result.Outcome}.");
        }

        lock (_last)
        {
            _last[n] = Math.Max(_last[n], result.Seq);
        }
    }

    private static IEnumerable<UserId> Members(int n) =>
        n == 0 ? Enumerable.Range(0, GroupMembers).Select(Person) : [Person(n), Person(n + 1 + (n / People))];
}
