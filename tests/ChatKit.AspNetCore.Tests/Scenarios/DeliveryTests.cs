using System.Net.Http.Json;
using System.Text.Json;
using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.InMemory;
using ChatKit.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ChatKit.AspNetCore.Tests.Scenarios;

/// <summary>What reaches a connection when something is lost, slow, new or revoked (rules 8 to 12).</summary>
public class DeliveryTests
{
    private static readonly UserId Anna = new("anna");
    private static readonly UserId Ben = new("ben");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lost_hint_is_found_in_the_feed()
    {
        // Rule 10: the host that committed died before it told anybody. No hint of an entry arrives here.
        await using var host = await ChatHost.StartAsync(options => options.Chat = chat => chat.RecoveryInterval = TimeSpan.FromMilliseconds(100));
        Backplane(host).Drop = (_, message) => message is EntriesAppended;
        await using var ben = await Person.ConnectAsync(host, "ben");
        await host.Chat.SendAsync(SendMessage.Direct(Anna, Ben, "lost?"), Stop);

        await ben.GetsAsync("lost?");
    }

    [Fact]
    public async Task After_an_interruption_every_session_pulls()
    {
        // Rule 11; the feed's reader comes too late to help.
        await using var host = await ChatHost.StartAsync(options => options.Chat = chat => chat.RecoveryInterval = TimeSpan.FromSeconds(10));
        await using var ben = await Person.ConnectAsync(host, "ben");
        await host.Chat.SendAsync(SendMessage.Direct(Anna, Ben, "first"), Stop);
        await ben.GetsAsync("first");
        Backplane(host).Drop = (_, message) => message is EntriesAppended;
        await host.Chat.SendAsync(SendMessage.Direct(Anna, Ben, "second"), Stop);
        await host.Chat.SendAsync(SendMessage.Direct(new UserId("carla"), Ben, "a new conversation"), Stop);
        Backplane(host).Drop = null;
        await Backplane(host).InterruptAsync();

        await ben.GetsAsync("second");
        await ben.GetsAsync("a new conversation");
    }

    [Fact]
    public async Task A_window_holds_back_what_is_not_acknowledged()
    {
        await using var host = await ChatHost.StartAsync(options => options.Chat = chat => chat.WindowEntries = 10);
        await using var ben = await host.ConnectAsync("ben");
        await ben.FramesAsync(new CommandFrame { T = CommandTags.Activity });
        ConversationId conversation = default;
        for (var i = 0; i < 50; i++)
        {
            conversation = (await host.Chat.SendAsync(SendMessage.Direct(Anna, Ben, $"m{i}"), Stop)).Value.Conversation;
        }

        for (var seq = 1; seq <= 51; seq++)
        {
            Assert.Equal(seq, (await ben.NextAsync(frame => frame.T == EventTags.Entry)).Entry!.Seq); // in order, none twice (rule 9)
            if (seq % 10 == 0)
            {
                // The window is full: an answer passes, an entry does not.
                await ben.AskAsync(new CommandFrame { T = CommandTags.Conversations });
                Assert.False(ben.Has(frame => frame.T == EventTags.Entry));
                await ben.FramesAsync(new CommandFrame { T = CommandTags.Ack, Cursors = [new WireCursor(conversation.Value, seq)] });
            }
        }
    }

    [Fact]
    public async Task Who_acknowledges_nothing_is_cut_and_others_see_no_delay()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var host = await ChatHost.StartAsync(options => options.Build = builder => builder.Services.AddSingleton<TimeProvider>(clock));
        await using var lazy = await host.ConnectAsync("ben", "lazy");
        await using var quick = await host.ConnectAsync("ben", "quick");
        await lazy.FramesAsync(new CommandFrame { T = CommandTags.Activity });
        await quick.FramesAsync(new CommandFrame { T = CommandTags.Activity });
        var sent = (await host.Chat.SendAsync(SendMessage.Direct(Anna, Ben, "hi"), Stop)).Value;
        await lazy.NextAsync(frame => frame.Entry?.Seq == sent.Seq);
        await quick.NextAsync(frame => frame.Entry?.Seq == sent.Seq);
        await quick.FramesAsync(new CommandFrame { T = CommandTags.Ack, Cursors = [new WireCursor(sent.Conversation.Value, sent.Seq)] });
        await quick.AskAsync(new CommandFrame { T = CommandTags.Conversations });

        clock.Advance(TimeSpan.FromSeconds(31));
        await lazy.Closed;
        await host.Chat.SendAsync(SendMessage.Direct(Anna, Ben, "still there?"), Stop);
        await quick.NextAsync(frame => frame.Entry?.Text == "still there?");
    }

    [Fact]
    public async Task A_new_device_starts_at_the_last_entry_and_a_known_one_where_it_was()
    {
        await using var host = await ChatHost.StartAsync();
        await host.Chat.SendAsync(SendMessage.Direct(Anna, Ben, "old"), Stop);
        await using (var first = await HubClient.StartAsync(host.Hub("ben").Build()))
        {
            Assert.True((await first.HelloAsync("phone")).Reset);
            await first.FramesAsync(new CommandFrame { T = CommandTags.Activity });
        }

        await host.Chat.SendAsync(SendMessage.Direct(Anna, Ben, "new"), Stop);
        await using var again = await HubClient.StartAsync(host.Hub("ben").Build());
        Assert.False((await again.HelloAsync("phone")).Reset);
        await again.FramesAsync(new CommandFrame { T = CommandTags.Activity });
        Assert.Equal("new", (await again.NextAsync(frame => frame.T == EventTags.Entry)).Entry!.Text);

        // Cursors of another incarnation of the store are worth nothing (rule 12).
        await using var restored = await HubClient.StartAsync(host.Hub("ben").Build());
        Assert.True((await restored.HelloAsync(new HelloRequest { Versions = [1], Device = "phone", Incarnation = "another" })).Reset);
    }

    [Fact]
    public async Task A_device_unseen_for_30_days_is_forgotten_and_one_that_is_connected_is_not()
    {
        var clock = new ShiftedTime(); // rule 8
        await using var host = await ChatHost.StartAsync(options => options.Build = builder => builder.Services.AddSingleton<TimeProvider>(clock));
        await using (await host.ConnectAsync("ben"))
        {
            // Seen now.
        }

        await using var anna = await host.ConnectAsync("anna");
        var devices = host.App.Services.GetRequiredService<IDeviceDirectory>();
        Assert.Single(await devices.ListAsync(Ben, Stop));
        clock.Shift = TimeSpan.FromDays(31);
        await Eventually.TrueAsync(async () => (await devices.ListAsync(Ben, Stop)).Count == 0); // the maintenance of the host comes round twice a second
        Assert.Single(await devices.ListAsync(Anna, Stop));
        await using var again = await HubClient.StartAsync(host.Hub("ben").Build());
        Assert.True((await again.HelloAsync("phone")).Reset);
    }

    [Fact]
    public async Task The_long_poll_chats_over_plain_http()
    {
        await using var host = await ChatHost.StartAsync();
        using var anna = host.Http("anna");
        using var ben = host.Http("ben");
        var start = await ben.GetFromJsonAsync<JsonElement>("sync?device=curl&wait=0", Stop);
        Assert.True(start.GetProperty("reset").GetBoolean());

        var waiting = ben.GetFromJsonAsync<JsonElement>($"sync?device=curl&wait=25&after={start.GetProperty("next").GetString()}", Stop);
        using var sent = await anna.PostAsJsonAsync("direct/ben/messages", new { text = "Hi" }, Stop);
        sent.EnsureSuccessStatusCode();
        var page = await waiting;
        Assert.Contains("Hi", TextsOf(page));

        // Not acknowledged: it comes again. Acknowledged: it does not.
        var again = await ben.GetFromJsonAsync<JsonElement>("sync?device=curl&wait=0", Stop);
        Assert.Contains("Hi", TextsOf(again));
        var after = await ben.GetFromJsonAsync<JsonElement>($"sync?device=curl&wait=0&after={again.GetProperty("next").GetString()}", Stop);
        Assert.Empty(TextsOf(after));
        var receipts = await anna.GetFromJsonAsync<JsonElement>("conversations/" + ConversationId.Direct(Anna, Ben).Value + "/receipts", Stop);
        Assert.True(receipts.GetProperty("receipts").GetArrayLength() == 2);
    }

    [Fact]
    public async Task A_poll_takes_many_entries_in_parts()
    {
        await using var host = await ChatHost.StartAsync();
        using var ben = host.Http("ben");
        var start = await ben.GetFromJsonAsync<JsonElement>("sync?device=curl&wait=0", Stop);
        for (var i = 0; i < 100; i++)
        {
            await host.Chat.SendAsync(SendMessage.Direct(Anna, Ben, $"m{i}"), Stop);
        }

        var texts = new List<string>();
        var after = start.GetProperty("next").GetString();
        while (texts.Count < 100)
        {
            var page = await ben.GetFromJsonAsync<JsonElement>($"sync?device=curl&wait=5&max=7&after={after}", Stop);
            var part = TextsOf(page);
            Assert.InRange(part.Count, 1, 7);
            texts.AddRange(part);
            after = page.GetProperty("next").GetString();
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"m{i}"), texts);
    }

    [Fact]
    public async Task Who_has_not_got_a_message_is_notified_once_and_who_has_is_not()
    {
        var sender = new RecordingSender();
        await using var host = await ChatHost.StartAsync(options =>
        {
            options.Chat = chat => chat.NotificationDelay = TimeSpan.FromSeconds(1);
            options.Build = builder => builder.Services.AddSingleton<INotificationSender>(sender);
        });
        await using var carla = await Person.ConnectAsync(host, "carla");
        var group = (await host.Chat.CreateGroupAsync(new CreateGroup { By = Anna, Title = "Trip", Members = [Ben, carla.Id] }, Stop)).Value.Conversation;
        var sent = (await host.Chat.SendAsync(SendMessage.Text(Anna, group, "Who comes?"), Stop)).Value;
        await carla.GetsAsync("Who comes?");

        var first = await sender.NextAsync();
        Assert.Equal((Ben, group, sent.Seq, "Who comes?"), (first.User, first.Conversation, first.Seq, first.Text));
        var next = (await host.Chat.SendAsync(SendMessage.Text(Anna, group, "Well?"), Stop)).Value;
        Assert.Equal((Ben, next.Seq), await sender.NextAsync() is var second ? (second.User, second.Seq) : default);
    }

    private static InMemoryBackplane Backplane(ChatHost host) => (InMemoryBackplane)host.App.Services.GetRequiredService<IBackplane>();

    private static List<string> TextsOf(JsonElement page) =>
    [
        .. page.GetProperty("events").EnumerateArray()
            .Where(one => one.TryGetProperty("entry", out var entry) && entry.TryGetProperty("text", out _))
            .Select(one => one.GetProperty("entry").GetProperty("text").GetString()!),
    ];
}
