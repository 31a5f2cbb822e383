using System.Text;
using ChatKit;
using ChatKit.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// A direct chat through the engine, in memory, as native code: what reflection would break breaks here.
var services = new ServiceCollection();
services.AddLogging().AddSingleton<IHostApplicationLifetime>(new Lifetime());
services.AddChatKitCore().UseFor(ChatPlugs.Groups, groups => groups.UseInMemory()).UseInMemory();
await using var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
var hosted = provider.GetServices<IHostedService>().ToList();
foreach (var service in hosted)
{
    await service.StartAsync(CancellationToken.None);
}

var chat = provider.GetRequiredService<IChatKit>();
UserId ann = new("ann"), bob = new("bob");
var conversation = ConversationId.Direct(ann, bob);

var first = (await chat.SendAsync(SendMessage.Direct(ann, bob, "Hi Bob"))).Value;
var second = (await chat.SendAsync(SendMessage.Direct(bob, ann, "Hi Ann"))).Value;
Check(first.Conversation == conversation && second.Seq == first.Seq + 1, "the log is dense");

var retry = new SendMessage { From = ann, To = bob, Body = "once"u8.ToArray(), Command = new CommandId("same") };
var once = (await chat.SendAsync(retry)).Value;
Check((await chat.SendAsync(retry)).Value.Seq == once.Seq, "a retry is not stored twice");

var page = (await chat.GetMessagesAsync(new MessageQuery { Reader = bob, Conversation = conversation })).Value;
Check(page.Messages.Count == 3, "history has three messages");
Check(Encoding.UTF8.GetString(page.Messages[0].Body.Span) == "Hi Bob", "the first is the first");

var read = (await chat.MarkReadAsync(bob, conversation, once.Seq)).Value;
Check(read.Read == once.Seq && read.Delivered == once.Seq, "read is delivered too");
Check((await chat.GetConversationsAsync(ann)).Value.Conversations.Count == 1, "one conversation");
Check(!(await chat.GetMessagesAsync(new MessageQuery { Reader = new UserId("eve"), Conversation = conversation })).IsSuccess, "an outsider reads nothing");

foreach (var service in Enumerable.Reverse(hosted))
{
    await service.StopAsync(CancellationToken.None);
}

// What a client keeps, in a folder, without a host.
var folder = Directory.CreateTempSubdirectory("chatkit-aot-").FullName;
for (var process = 1; process <= 2; process++)
{
    await using var store = await FileClientStore.OpenAsync(folder);
    await using var client = new ChatClient(new ChatClientOptions { Server = new Uri("http://localhost/chat"), DeviceId = "phone", Store = store });
    await client.LoadAsync();
    Check(client.Direct("bob").CachedMessages.Count == process - 1, "the next process has what the first left");
    await client.Direct("bob").SendAsync($"from process {process}");
}

Directory.Delete(folder, recursive: true);
Console.WriteLine("AOT: a direct chat works, and a client keeps its outbox.");

static void Check(bool holds, string what)
{
    if (!holds)
    {
        throw new InvalidOperationException($"Not so: {what}.");
    }
}
