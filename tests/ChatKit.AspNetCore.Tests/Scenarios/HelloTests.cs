using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.Wire;

namespace ChatKit.AspNetCore.Tests.Scenarios;

/// <summary>Where a connection starts (rules 8 and 12), also when entries arrive while it is being opened.</summary>
public class HelloTests
{
    private static readonly UserId Anna = new("anna");
    private static readonly UserId Ben = new("ben");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Entries_that_arrive_during_Hello_do_not_move_its_start_back(bool isNew)
    {
        var relay = new InterruptedRelay();
        await using var host = await ChatHost.StartAsync(options => options.Build = builder => relay.Wrap(builder.Services));
        await using var watcher = await Person.ConnectAsync(host, "ben", "watcher");
        if (!isNew)
        {
            await using var before = await host.ConnectAsync("ben", "phone");
        }

        var sent = (await host.Chat.SendAsync(SendMessage.Direct(Anna, Ben, "persisted, or before its time"), Stop)).Value;
        relay.Interruption = ("phone", async () =>
        {
            // The second has reached another session, so the first was offered to this one.
            await host.Chat.SendAsync(SendMessage.Direct(Anna, Ben, "during Hello"), Stop);
            await host.Chat.SendAsync(SendMessage.Direct(Anna, Ben, "and another"), Stop);
            await watcher.GetsAsync("and another");
        }
        );

        await using var phone = await HubClient.StartAsync(host.Hub("ben").Build());
        var hello = new HelloRequest { Versions = [1], Device = "phone", Cursors = isNew ? [] : [new WireCursor(sent.Conversation.Value, sent.Seq)] };
        Assert.Equal(isNew, (await phone.HelloAsync(hello)).Reset);
        Assert.Null(relay.Interruption);
        await phone.FramesAsync(new CommandFrame { T = CommandTags.Activity });

        Assert.Equal(sent.Seq + 1, (await phone.NextAsync(frame => frame.T == EventTags.Entry)).Entry!.Seq);
        Assert.Equal(sent.Seq + 2, (await phone.NextAsync(frame => frame.T == EventTags.Entry)).Entry!.Seq);
    }
}
