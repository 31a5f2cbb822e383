using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using ChatKit;
using ChatKit.Client;

namespace Messenger.Demonstration;

/// <summary>Three people, real sockets, a real host that is restarted in the middle. Every step waits for facts, none for time;
/// ends with 0 only when every expectation held.</summary>
internal sealed class Demo
{
    private readonly Func<string[], WebApplication> build;
    private readonly Stage stage = Stage.ForConsole(["Anna", "Ben", "Carla"]);
    private readonly Uri address;
    private readonly string data;
    private WebApplication? host;

    private Demo(Func<string[], WebApplication> build, string data)
    {
        this.build = build;
        this.data = data;
        address = new Uri($"http://127.0.0.1:{FreePort()}");
    }

    public static async Task<int> RunAsync(Func<string[], WebApplication> build)
    {
        var data = Directory.CreateTempSubdirectory("messenger-demo-").FullName;
        try
        {
            return await new Demo(build, data).PlayAsync();
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private async Task<int> PlayAsync()
    {
        stage.Say($"The Messenger's demo: three people, real sockets, a host at {address} with a LiteDB file.");
        stage.Say("… waiting   ✓ accepted: it is stored   ✓✓ delivered   ✓✓ read");
        try
        {
            await StartHostAsync();
            await using var anna = await Person.SignInAsync("Anna", address);
            await using var ben = await Person.SignInAsync("Ben", address);
            await using var carla = await Person.SignInAsync("Carla", address);
            foreach (var person in new[] { anna, ben, carla })
            {
                await person.Client.StartAsync().WaitAsync(Person.Patience);
            }

            var direct = await DirectAsync(anna, ben);
            await AwayAsync(anna, ben, direct);
            await RetryAsync(anna, ben, direct);
            var group = await GroupAsync(anna, ben, carla);
            await RestartAsync(anna, ben, carla, group);
            await NothingLostAsync(anna, ben, carla, direct, group);
        }
        catch (Exception exception) when (exception is TimeoutException or ChatClientException or HttpRequestException)
        {
            stage.Expect($"The scene could be played to its end: {exception.Message}", holds: false);
        }
        finally
        {
            await StopHostAsync();
        }

        return stage.Close();
    }

    private async Task<ConversationId> DirectAsync(Person anna, Person ben)
    {
        stage.Scene("A direct chat, with ticks");
        var sent = await SendAsync(anna.Client.Direct(ben.Id), "Hi Ben!");
        stage.Sees(anna, "Hi Ben!  ✓");
        await ReceivesAsync(ben, "Hi Ben!", "Anna: Hi Ben!");
        stage.Expect("Anna is told that it was delivered", await anna.EventuallyAsync(() => anna.Marks(sent.Conversation, ben).Delivered >= sent.Seq));
        stage.Sees(anna, "Hi Ben!  ✓✓ delivered");
        stage.Expect("and not yet that it was read", anna.Marks(sent.Conversation, ben).Read < sent.Seq);
        await ben.Client.Conversation(sent.Conversation).MarkReadAsync(sent.Seq);
        stage.Expect("Ben opens the chat: Anna is told that it was read", await anna.EventuallyAsync(() => anna.Marks(sent.Conversation, ben).Read >= sent.Seq));
        stage.Sees(anna, "Hi Ben!  ✓✓ read");

        ben.Client.Conversation(sent.Conversation).ReportTyping();
        stage.Expect("Ben writes: Anna sees him typing", await anna.EventuallyAsync(() => anna.Heard<TypingUpdated>().Any(one => one.User == ben.Id && one.IsTyping)));
        stage.Sees(anna, "Ben is typing …");
        await SendAsync(ben.Client.Direct(anna.Id), "Hi Anna, how are you?");
        stage.Sees(ben, "Hi Anna, how are you?  ✓");
        await ReceivesAsync(anna, "Hi Anna, how are you?", "Ben: Hi Anna, how are you?");
        return sent.Conversation;
    }

    private async Task AwayAsync(Person anna, Person ben, ConversationId direct)
    {
        stage.Scene("Ben goes offline and comes back");
        await anna.Client.WatchPresenceAsync([ben.Id]);
        await ben.Client.StopAsync().WaitAsync(Person.Patience);
        stage.Sees(ben, "(offline)");
        stage.Expect("Anna sees that he is offline", await anna.EventuallyAsync(() =>
            anna.Heard<PresenceUpdated>().SelectMany(one => one.Presence).LastOrDefault(one => one.User == ben.Id) is { State: PresenceState.Offline, User: var user } && user == ben.Id));

        string[] texts = ["Fine! Tea at four?", "I bring the cake."];
        SentMessage? last = null;
        foreach (var text in texts)
        {
            last = await SendAsync(anna.Client.Direct(ben.Id), text);
            stage.Sees(anna, $"{text}  ✓");
        }

        stage.Expect("stored, but not delivered", anna.Marks(direct, ben).Delivered < last!.Seq - 1);
        await ben.Client.StartAsync().WaitAsync(Person.Patience);
        stage.Sees(ben, "(online again)");
        foreach (var text in texts)
        {
            await ReceivesAsync(ben, text, $"Anna: {text}");
        }

        var order = ben.Heard<MessageReceived>().Select(one => one.Message.Text!).Where(texts.Contains);
        stage.Expect("Ben got both, once each, in the order written", order.SequenceEqual(texts));
        stage.Expect("and Anna is told", await anna.EventuallyAsync(() => anna.Marks(direct, ben).Delivered >= last.Seq));
        stage.Sees(anna, $"{texts[1]}  ✓✓ delivered");
    }

    private async Task RetryAsync(Person anna, Person ben, ConversationId direct)
    {
        stage.Scene("A retry with the same command id, over plain HTTP");
        var antiforgery = await anna.Http.GetFromJsonAsync<JsonElement>(Relative("/chat/antiforgery"));
        anna.Http.DefaultRequestHeaders.Add(antiforgery.GetProperty("header").GetString()!, antiforgery.GetProperty("token").GetString());
        var first = await PostAsync();
        stage.Sees(anna, "Lemon or apple?  ✓");
        var retries = await Task.WhenAll(PostAsync(), PostAsync(), PostAsync());
        stage.Sees(anna, "(sends it three times again)");
        await ReceivesAsync(ben, "Lemon or apple?", "Anna: Lemon or apple?");
        stage.Expect("every answer is the first one's", retries.All(one => one.GetProperty("duplicate").GetBoolean()
            && one.GetProperty("seq").GetInt64() == first.GetProperty("seq").GetInt64()));

        // What is sent after them comes after them, so by then a doubled one would have come.
        await SendAsync(ben.Client.Direct(anna.Id), "Apple!");
        stage.Sees(ben, "Apple!  ✓");
        await ReceivesAsync(anna, "Apple!", "Ben: Apple!");
        var page = await ben.Client.Conversation(direct).GetMessagesAsync();
        stage.Expect("the message is in the log once, and Ben got it once",
            page.Messages.Count(one => one.Text == "Lemon or apple?") == 1 && ben.Times("Lemon or apple?") == 1);

        Uri Relative(string path) => new($"{path}?as={anna.Id.Value}", UriKind.Relative);

        async Task<JsonElement> PostAsync()
        {
            using var answer = await anna.Http.PostAsJsonAsync(
                Relative($"/chat/direct/{ben.Id.Value}/messages"), new { id = "demo-retry-1", text = "Lemon or apple?" });
            answer.EnsureSuccessStatusCode();
            return await answer.Content.ReadFromJsonAsync<JsonElement>();
        }
    }

    private async Task<ConversationId> GroupAsync(Person anna, Person ben, Person carla)
    {
        stage.Scene("A group");
        var weekend = await anna.Client.CreateGroupAsync("Weekend", [ben.Id, carla.Id]).WaitAsync(Person.Patience);
        var group = weekend.Id!.Value;
        stage.Sees(anna, "(creates the group “Weekend”)");
        var sent = await SendAsync(weekend, "Who comes along on Saturday?");
        stage.Sees(anna, "Who comes along on Saturday?  ✓");
        await ReceivesAsync(ben, "Who comes along on Saturday?", "Anna: Who comes along on Saturday?");
        await ReceivesAsync(carla, "Who comes along on Saturday?", "Anna: Who comes along on Saturday?");
        stage.Expect("delivered to 2 of 2", await anna.EventuallyAsync(() =>
            anna.Marks(group, ben).Delivered >= sent.Seq && anna.Marks(group, carla).Delivered >= sent.Seq));
        stage.Sees(anna, "  ✓✓ delivered to 2 of 2");

        await carla.Client.Conversation(group).MarkReadAsync(sent.Seq);
        await anna.EventuallyAsync(() => anna.Marks(group, carla).Read >= sent.Seq);
        var progress = await weekend.GetReceiptsAsync(sent.Seq);
        stage.Expect("Carla looks: read by 1 of 2, by Carla", progress.Total == 2 && progress.ReadBy.SequenceEqual([carla.Id]));
        stage.Sees(anna, "  ✓✓ read by 1 of 2");

        await SendAsync(carla.Client.Conversation(group), "Me!");
        stage.Sees(carla, "Me!  ✓");
        await ReceivesAsync(anna, "Me!", "Carla: Me!");
        await ReceivesAsync(ben, "Me!", "Carla: Me!");
        return group;
    }

    private async Task RestartAsync(Person anna, Person ben, Person carla, ConversationId group)
    {
        stage.Scene("The host is restarted: same port, same file");
        await StopHostAsync();
        foreach (var person in new[] { anna, ben, carla })
        {
            stage.Expect($"{person.Name} notices", await person.EventuallyAsync(() => person.Client.State == ChatConnectionState.Reconnecting));
            stage.Sees(person, "(no connection)");
        }

        string[] texts = ["Typed while the host is down.", "And one more."];
        var waiting = new List<OutgoingMessage>();
        foreach (var text in texts)
        {
            waiting.Add(await anna.Client.Conversation(group).SendAsync(text));
            stage.Sees(anna, $"{text}  …");
        }

        stage.Expect("both wait in Anna's outbox", waiting.TrueForAll(one => !one.Accepted.IsCompleted));
        await StartHostAsync();
        foreach (var person in new[] { anna, ben, carla })
        {
            stage.Expect($"{person.Name} is connected again, by the client itself", await person.EventuallyAsync(() => person.Client.State == ChatConnectionState.Connected));
        }

        for (var i = 0; i < texts.Length; i++)
        {
            await waiting[i].Accepted.WaitAsync(Person.Patience);
            stage.Sees(anna, $"{texts[i]}  ✓");
        }

        foreach (var person in new[] { ben, carla })
        {
            foreach (var text in texts)
            {
                await ReceivesAsync(person, text, $"Anna: {text}");
            }
        }
    }

    private async Task NothingLostAsync(Person anna, Person ben, Person carla, ConversationId direct, ConversationId group)
    {
        stage.Scene("Afterwards: nothing lost, nothing doubled");
        string[] inDirect = ["Hi Ben!", "Hi Anna, how are you?", "Fine! Tea at four?", "I bring the cake.", "Lemon or apple?", "Apple!"];
        string[] inGroup = ["Who comes along on Saturday?", "Me!", "Typed while the host is down.", "And one more."];
        foreach (var (person, conversation, name, expected) in new[]
        {
            (anna, direct, "Ben", inDirect), (ben, direct, "Anna", inDirect),
            (anna, group, "Weekend", inGroup), (ben, group, "Weekend", inGroup), (carla, group, "Weekend", inGroup),
        })
        {
            var page = await person.Client.Conversation(conversation).GetMessagesAsync();
            stage.Sees(person, $"{name}: {page.Messages.Count} messages");
            stage.Expect($"{person.Name}'s history of “{name}” is exactly what was written, in order",
                page.Messages.Select(one => one.Text).SequenceEqual(expected) && expected.All(text => person.Times(text) <= 1));
        }

        var list = await carla.Client.GetConversationsAsync();
        stage.Expect("Carla sees no conversation but the group", list.Conversations.Select(one => one.Id).SequenceEqual([group]));
    }

    private static async Task<SentMessage> SendAsync(ChatConversation conversation, string text)
    {
        var sent = await conversation.SendAsync(text);
        return await sent.Accepted.WaitAsync(Person.Patience);
    }

    private async Task ReceivesAsync(Person person, string text, string shown)
    {
        if (await person.EventuallyAsync(() => person.Times(text) > 0))
        {
            stage.Sees(person, shown);
        }
        else
        {
            stage.Expect($"{person.Name} receives “{text}”", holds: false);
        }
    }

    private async Task StartHostAsync()
    {
        host = build(
        [
            "--urls", address.ToString(), "--data", data, "--environment", "Development",
            "--Logging:LogLevel:Default=Error", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Error",
        ]);
        await host.StartAsync();
    }

    private async Task StopHostAsync()
    {
        if (host is { } running)
        {
            host = null;
            await running.StopAsync();
            await running.DisposeAsync();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
