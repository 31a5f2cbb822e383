// An app with a client on a file store that sends and receives until it is killed, and writes a line for what it knows.
// Arguments: server, folder, group, run, seed. Run "new": only connects; "last": sends nothing new, waits for the message "end" and stops in order.
using System.Globalization;
using ChatKit;
using ChatKit.Client;
using ChatKit.Client.Store;

var (server, folder, group, run) = (new Uri(args[0]), args[1], args[2], args[3]);
var random = new Random(int.Parse(args[4], CultureInfo.InvariantCulture));
FileClientStore store;
try
{
    // Small files, so that kills fall into their rewriting, too.
    store = await FileClientStore.OpenAsync(new StoreFolder(folder), compactAbove: 30_000, CancellationToken.None);
}
catch (ClientStoreException e)
{
    Console.WriteLine($"{e.Fault} {e.Message}");
    return 3;
}

await using var chat = new ChatClient(new ChatClientOptions
{
    Server = server,
    DeviceId = "phone",
    Store = store,
    AccessTokenProvider = _ => Task.FromResult<string?>("victim"),
    CachedMessages = 100_000,
    ReconnectBaseDelay = TimeSpan.FromMilliseconds(20),
    ReconnectMaxDelay = TimeSpan.FromMilliseconds(200),
});
var events = chat.Events();
await chat.LoadAsync();
var starting = chat.StartAsync();
if (run == "new")
{
    await starting;
    Console.WriteLine("connected");
    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
}

ChatConversation[] conversations = [chat.Conversation(new ConversationId(group)), chat.Direct("peer")];
if (run == "last")
{
    await starting;
    var drained = false;
    var happened = events.GetAsyncEnumerator();
    while (true)
    {
        var cached = conversations.Select(c => c.CachedMessages).ToList();
        if (!drained && cached.All(c => c.All(m => m.Status == MessageStatus.Accepted)))
        {
            drained = true;
            Console.WriteLine("drained");
        }

        if (cached.All(c => c.Any(m => m.Text == "end")))
        {
            await chat.StopAsync();
            Console.WriteLine("done");
            return 0;
        }

        await happened.MoveNextAsync();
        Tell(happened.Current);
    }
}

var listening = Task.Run(async () =>
{
    await foreach (var e in events)
    {
        Tell(e);
    }
});
if (random.Next(2) == 0)
{
    await starting;
}

for (var n = 0; ;)
{
    // Calls that overlap keep their order, too.
    var burst = Enumerable.Range(n, random.Next(1, 9)).Select(i => (Place: random.Next(3) == 0 ? 1 : 0, Text: $"{run}:{i}")).ToList();
    n += burst.Count;
    var sent = await Task.WhenAll(burst.Select(b => conversations[b.Place].SendAsync(b.Text)).ToList());
    burst.ForEach(b => Console.WriteLine($"queued {b.Place} {b.Text}"));
    if (random.Next(3) == 0)
    {
        await sent[^1].Accepted;
    }
}

static void Tell(ChatEvent e)
{
    switch (e)
    {
        case MessageRefused refused:
            Console.WriteLine($"refused {refused.Error.Code} {refused.Message.Text}");
            break;
        case MessageReceived received:
            Console.WriteLine($"got {received.Message.Seq}");
            break;
        case ConnectionChanged { State: ChatConnectionState.Stopped } stopped:
            Console.WriteLine($"stopped {stopped.Error}");
            break;
    }
}
