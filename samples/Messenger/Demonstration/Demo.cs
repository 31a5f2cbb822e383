using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using ChatKit;
using ChatKit.Client;

namespace Messenger.Demonstration;

/// <summary>Three people, real sockets, a real host that is restarted in the middle. Returns 0 only when every expectation held.</summary>
internal sealed class Demo
{
    private readonly Func<string[], WebApplication> build;
    private readonly string data;
    private readonly Uri address;
    private int failed;
    private int held;

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
        Console.WriteLine($"ChatKit demo: Anna, Ben and Carla at {address}");
        WebApplication? host = await StartAsync();
        try
        {
            await using var anna = await Actor.SignInAsync("anna", address);
            await using var carla = await Actor.SignInAsync("carla", address);
            await using var ben = await Actor.SignInAsync("ben", address);
            await anna.Client.StartAsync();
            await ben.Client.StartAsync();
            await carla.Client.StartAsync();

            await DirectAsync(anna, ben);
            await OfflineAsync(anna, ben);
            await RetryAsync(anna, ben);
            var group = await GroupAsync(anna, ben, carla);

            Title("The host restarts: same port, same file");
            await StopAsync(host);
            host = null;
            Check("Anna notices", await anna.EventuallyAsync(() => anna.Client.State != ChatConnectionState.Connected));
            var typed = await anna.Client.Conversation(group).SendAsync("typed while the host was down");
            Says("anna", "typed while the host was down", "waits in the outbox");
            host = await StartAsync();
            await typed.Accepted.WaitAsync(Actor.Patience);
            foreach (var one in new[] { ben, carla })
            {
                Check($"{Proper(one.Name)} reconnected by himself or herself and sees it", await one.EventuallyAsync(() => one.TimesReceived("typed while the host was down") > 0));
                await ExactlyAsync(one, group, ["Lunch at noon?", "typed while the host was down"]);
            }
        }
        finally
        {
            if (host is not null)
            {
                await StopAsync(host);
            }
        }

        Console.WriteLine();
        Console.WriteLine(failed == 0 ? $"All {held} expectations held." : $"{failed} of {held + failed} expectations FAILED.");
        return failed == 0 ? 0 : 1;
    }

    private async Task DirectAsync(Actor anna, Actor ben)
    {
        Title("Direct, with ticks");
        var sent = await Actor.SendAsync(anna.Client.Direct("ben"), "Hi Ben");
        Says("anna", "Hi Ben", "✓ accepted");
        Check("Ben sees it", await ben.EventuallyAsync(() => ben.TimesReceived("Hi Ben") == 1));
        Check("✓✓ delivered", await ReceiptAsync(anna, one => one.Delivered >= sent.Seq));
        await ben.Client.Conversation(sent.Conversation).MarkReadAsync(sent.Seq);
        Check("✓✓ read", await ReceiptAsync(anna, one => one.Read >= sent.Seq));
        await Actor.SendAsync(ben.Client.Direct("anna"), "Hi Anna");
        Says("ben", "Hi Anna", "✓ accepted");
        Check("Anna sees it", await anna.EventuallyAsync(() => anna.TimesReceived("Hi Anna") == 1));

        static Task<bool> ReceiptAsync(Actor anna, Func<Receipt, bool> fits) => anna.EventuallyAsync(() =>
            anna.Happened.OfType<ReceiptsUpdated>().SelectMany(one => one.Receipts).Any(one => one.User == new UserId("ben") && fits(one)));
    }

    private async Task OfflineAsync(Actor anna, Actor ben)
    {
        Title("Ben goes offline and comes back");
        await ben.Client.StopAsync();
        string[] texts = ["Are you there?", "Well, later then"];
        foreach (var text in texts)
        {
            await Actor.SendAsync(anna.Client.Direct("ben"), text);
            Says("anna", text, "✓ accepted, Ben is offline");
        }

        await ben.Client.StartAsync();
        Check("Ben gets both", await ben.EventuallyAsync(() => texts.All(text => ben.TimesReceived(text) == 1)));
        var order = ben.Happened.OfType<MessageReceived>().Select(one => one.Message.Text).Where(texts.Contains);
        Check("in order, once", order.SequenceEqual(texts));
    }

    private async Task RetryAsync(Actor anna, Actor ben)
    {
        Title("A retry with the same command id");
        var token = await anna.Http.GetFromJsonAsync<JsonElement>(new Uri("/chat/antiforgery", UriKind.Relative));
        anna.Http.DefaultRequestHeaders.Add(token.GetProperty("header").GetString()!, token.GetProperty("token").GetString());
        var body = new { id = "demo-retry-1", text = "Only once" };
        var first = await PostAsync();
        Says("anna", "Only once", "✓ accepted");
        var second = await PostAsync();
        Says("anna", "Only once", "again, same id");
        Check("the answer is the first one's", second.GetProperty("seq").GetInt64() == first.GetProperty("seq").GetInt64()
            && second.GetProperty("duplicate").GetBoolean());
        Check("Ben sees it", await ben.EventuallyAsync(() => ben.TimesReceived("Only once") > 0));
        await ExactlyAsync(ben, new ConversationId(first.GetProperty("conversation").GetString()!),
            ["Hi Ben", "Hi Anna", "Are you there?", "Well, later then", "Only once"]);

        async Task<JsonElement> PostAsync()
        {
            using var answer = await anna.Http.PostAsJsonAsync(new Uri("/chat/direct/ben/messages", UriKind.Relative), body);
            answer.EnsureSuccessStatusCode();
            return await answer.Content.ReadFromJsonAsync<JsonElement>();
        }
    }

    private async Task<ConversationId> GroupAsync(Actor anna, Actor ben, Actor carla)
    {
        Title("A group");
        var group = await anna.Client.CreateGroupAsync("Lunch", [new UserId("ben"), new UserId("carla")]);
        await Actor.SendAsync(group, "Lunch at noon?");
        Says("anna", "Lunch at noon?", "✓ accepted, in Lunch");
        foreach (var one in new[] { ben, carla })
        {
            Check($"{Proper(one.Name)} sees it", await one.EventuallyAsync(() => one.TimesReceived("Lunch at noon?") == 1));
        }

        return group.Id!.Value;
    }

    /// <summary>The log itself, and what the person was told: nothing lost, nothing doubled, in order.</summary>
    private async Task ExactlyAsync(Actor person, ConversationId conversation, string[] texts)
    {
        var page = await person.Client.Conversation(conversation).GetMessagesAsync();
        var stored = page.Messages.Where(one => one.Text is not null).Select(one => one.Text!).ToArray();
        Check($"{Proper(person.Name)}'s log: {string.Join(" | ", stored)}", stored.SequenceEqual(texts));
        Check("nothing told twice", texts.All(text => person.TimesReceived(text) <= 1));
    }

    private async Task<WebApplication> StartAsync()
    {
        var host = build(["--urls", address.ToString(), "--data", data, "--Logging:LogLevel:Default=Error", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Error"]);
        await host.StartAsync();
        return host;
    }

    /// <summary>Stopped first, so that its connections end while its services still live.</summary>
    private static async Task StopAsync(WebApplication host)
    {
        await using (host)
        {
            await host.StopAsync();
        }
    }

    private void Check(string what, bool holds)
    {
        (held, failed) = holds ? (held + 1, failed) : (held, failed + 1);
        Console.WriteLine($"  {(holds ? "ok  " : "FAIL")} {what}");
    }

    private static void Title(string title) => Console.WriteLine($"\n== {title}");

    private static void Says(string who, string text, string state) => Console.WriteLine($"  {Proper(who),-6} {text,-32} {state}");

    private static string Proper(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
