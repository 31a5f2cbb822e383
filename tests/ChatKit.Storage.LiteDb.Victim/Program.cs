// Appends until it is killed, and writes a line for what was accepted: "conversation seq command". Arguments: file, run.
// "open" instead of a run: only opens the file and prints the message of the exception it gets.
// Started by a conformance suite, it does what that asks for.
using ChatKit;
using ChatKit.Storage.Testing;
using Microsoft.Extensions.DependencyInjection;

const int Lanes = 4;
var services = new ServiceCollection();
new VictimBuilder(services).UseLiteDb(options =>
{
    options.Path = args[0];

    // Checkpoints are often, so that kills fall into them, too.
    options.CheckpointPages = 100;
});
await using var provider = services.BuildServiceProvider();
if (args.Length > 2) // file, and what the suite asks for
{
    return await StorageWorker.RunAsync(args, _ => ValueTask.FromResult(provider.GetRequiredService<IMessageStore>()));
}

try
{
    provider.GetRequiredService<IMessageStore>();
}
catch (ChatStoreException e)
{
    Console.WriteLine($"{e.IsTransient} {e.Message}");
    return 3;
}

if (args[1] == "open")
{
    return 0;
}

var store = provider.GetRequiredService<IMessageStore>();
var user = new UserId("victim");
var console = new object();
await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Run(async () =>
{
    var conversation = new ConversationId($"lane-{lane}");
    for (var n = 0; ; n++)
    {
        var creates = n == 0;
        AppendRequest[] batch = [.. Enumerable.Range(0, creates ? 1 : 1 + (n % 7)).Select(k => new AppendRequest
        {
            Conversation = conversation,
            Sender = user,
            Command = new CommandId(creates ? "creation" : $"{args[1]}-{n}-{k}"),
            PayloadHash = 1,
            MembershipVersion = creates ? 0 : 1,
            Header = new EntryHeader { Kind = creates ? EntryKind.Membership : EntryKind.Message, Counts = !creates },
            Body = new byte[100 + (n % 900)],
        })];
        var results = await store.AppendAsync(batch, CancellationToken.None);
        lock (console)
        {
            for (var k = 0; k < batch.Length; k++)
            {
                Console.WriteLine($"{conversation.Value} {results[k].Seq} {batch[k].Command.Value}");
            }
        }
    }
})));
return 1;
