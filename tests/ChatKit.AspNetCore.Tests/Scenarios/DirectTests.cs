using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.Client;
using Microsoft.AspNetCore.Http.Connections;

namespace ChatKit.AspNetCore.Tests.Scenarios;

/// <summary>Direct chat through real sockets.</summary>
public class DirectTests
{
    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task Two_people_chat(HttpTransportType transport)
    {
        await using var host = await ChatHost.StartAsync();
        await using var anna = await Person.ConnectAsync(host, "anna", transport: transport);
        await using var ben = await Person.ConnectAsync(host, "ben", transport: transport);

        var sent = await anna.SendAsync(ben, "Hi Ben");
        await ben.GetsAsync("Hi Ben");
        await ben.SendAsync(anna, "Hi Anna");
        await anna.GetsAsync("Hi Anna");

        Assert.Equal(ConversationId.Direct(anna.Id, ben.Id), sent.Conversation); // rule 15
        Assert.Equal(2, sent.Seq); // the first entry is the creation (rule 1: dense)
    }

    [Fact]
    public async Task Who_was_offline_gets_everything_in_order_when_he_connects()
    {
        await using var host = await ChatHost.StartAsync();
        await using var anna = await Person.ConnectAsync(host, "anna");
        await using (var early = await Person.ConnectAsync(host, "ben"))
        {
            await anna.SendAsync(early, "before");
            await early.GetsAsync("before");
        }

        const int count = 500;
        var conversation = anna.Client.Direct("ben");
        var pending = new List<OutgoingMessage>();
        for (var i = 0; i < count; i++)
        {
            pending.Add(await conversation.SendAsync($"m{i}", TestContext.Current.CancellationToken));
        }

        await Task.WhenAll(pending.Select(one => one.Accepted)).WaitAsync(Person.Patience, TestContext.Current.CancellationToken);

        await using var ben = await Person.ConnectAsync(host, "ben");
        await ben.GetsAsync($"m{count - 1}");

        // Delivery is a pull by cursor: all of it, once, in the order of Seq (rule 6). "before" may come again: this client keeps nothing.
        Assert.Equal(Enumerable.Range(0, count).Select(i => $"m{i}"), ben.Texts.Where(text => text != "before"));
    }

    [Fact]
    public async Task Two_devices_each_see_the_whole_conversation_once()
    {
        await using var host = await ChatHost.StartAsync();
        await using var annaPhone = await Person.ConnectAsync(host, "anna", "phone");
        await using var annaLaptop = await Person.ConnectAsync(host, "anna", "laptop");
        await using var benPhone = await Person.ConnectAsync(host, "ben", "phone");
        await using var benLaptop = await Person.ConnectAsync(host, "ben", "laptop");

        await annaPhone.SendAsync(benPhone, "one");
        await benLaptop.GetsAsync("one");
        await benLaptop.SendAsync(annaPhone, "two");
        foreach (var device in new[] { annaPhone, annaLaptop, benPhone, benLaptop })
        {
            await device.EventuallyAsync(() => device.Client.Direct(device.Name == "anna" ? "ben" : "anna").CachedMessages.Count == 2);
            Assert.Equal(["one", "two"], device.Client.Direct(device.Name == "anna" ? "ben" : "anna").CachedMessages.Select(message => message.Text));
        }
    }

    [Fact]
    public async Task Notes_to_oneself_reach_the_other_device()
    {
        await using var host = await ChatHost.StartAsync();
        await using var phone = await Person.ConnectAsync(host, "anna", "phone");
        await using var laptop = await Person.ConnectAsync(host, "anna", "laptop");

        await Person.SendToAsync(phone.Client.Direct("anna"), "buy milk");

        await laptop.GetsAsync("buy milk");
    }
}
