using System.Net.Http.Json;
using System.Text.Json;
using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.Client;
using ChatKit.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.AspNetCore.Tests.Scenarios;

/// <summary>The same command id again (rule 5), at once and after a restart of the host on its file.</summary>
public class RetryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Concurrent_retries_of_one_command_store_one_message()
    {
        await using var host = await ChatHost.StartAsync();
        await using var ben = await Person.ConnectAsync(host, "ben");
        using var http = host.Http("anna");

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            using var answer = await http.PostAsJsonAsync("direct/ben/messages", new { id = "same", text = "once" }, Stop);
            answer.EnsureSuccessStatusCode();
            return await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        }));

        Assert.Single(answers.Select(answer => answer.GetProperty("seq").GetInt64()).Distinct());
        Assert.Single(answers, answer => !answer.TryGetProperty("duplicate", out var duplicate) || !duplicate.GetBoolean());
        await ben.GetsAsync("once");
        await Person.SendToAsync(ben.Client.Direct("anna"), "mark");
        await ben.EventuallyAsync(() => ben.Client.Direct("anna").CachedMessages.Count == 2);
        Assert.Single(ben.Texts, "once");
    }

    [Fact]
    public async Task The_same_id_with_another_text_is_a_conflict()
    {
        await using var host = await ChatHost.StartAsync();
        using var http = host.Http("anna");
        using var first = await http.PostAsJsonAsync("direct/ben/messages", new { id = "one", text = "a" }, Stop);
        first.EnsureSuccessStatusCode();
        using var second = await http.PostAsJsonAsync("direct/ben/messages", new { id = "one", text = "b" }, Stop);

        await Problem.ExpectAsync(second, System.Net.HttpStatusCode.Conflict, "conflict");
    }

    [Fact]
    public async Task A_restart_of_the_host_loses_and_doubles_nothing()
    {
        await using var store = await StoreUnderTest.CreateDurableAsync();
        var port = 0;
        void Configure(ChatHostOptions options)
        {
            options.Store = store.Use;
            options.Port = port;
        }

        var host = await ChatHost.StartAsync(Configure);
        port = host.Address.Port;
        await using var anna = await Person.ConnectAsync(host, "anna");
        await using var ben = await Person.ConnectAsync(host, "ben");
        var conversation = anna.Client.Direct("ben");
        var pending = new List<OutgoingMessage>();
        using (var http = host.Http("carla"))
        {
            using var first = await http.PostAsJsonAsync("direct/ben/messages", new { id = "kept", text = "hello" }, Stop);
            first.EnsureSuccessStatusCode();
            for (var i = 0; i < 50; i++)
            {
                pending.Add(await conversation.SendAsync($"a{i}", Stop));
            }
        }

        await host.DisposeAsync();
        for (var i = 50; i < 100; i++)
        {
            pending.Add(await conversation.SendAsync($"a{i}", Stop)); // typed while the host is down: they wait in the outbox
        }

        await using var again = await ChatHost.StartAsync(Configure);
        var sent = await Task.WhenAll(pending.Select(one => one.Accepted)).WaitAsync(TimeSpan.FromSeconds(60), Stop);
        await ben.GetsAsync("a99");

        Assert.Equal(Enumerable.Range(2, 100).Select(seq => (long)seq), sent.Select(one => one.Seq)); // rules 1 and 6
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"a{i}"), ben.Texts.Where(text => text!.StartsWith('a'))); // once each, in order

        // Keys outlive the host: the same command again finds its first result.
        using var later = again.Http("carla");
        using var retry = await later.PostAsJsonAsync("direct/ben/messages", new { id = "kept", text = "hello" }, Stop);
        Assert.True((await retry.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("duplicate").GetBoolean());
    }

    [Fact]
    public async Task A_lane_behind_a_refusal_that_passes_stays_in_order()
    {
        // Rule 6, on the wire: the store fails for a while; the first command is refused for now, the later ones out of order.
        var store = new TroubledStore();
        await using var host = await ChatHost.StartAsync(options => options.Build = builder => store.Wrap(builder.Services));
        await using var anna = await host.ConnectAsync("anna");
        await anna.FramesAsync(new CommandFrame { T = CommandTags.Send, Id = "k0", To = "ben", Text = "0" });
        await anna.NextAsync(frame => frame.T == EventTags.Accepted && frame.Id == "k0");

        store.Fails = true;
        await anna.FramesAsync(new CommandFrame { T = CommandTags.Send, Id = "k1", To = "ben", Text = "1" });
        var refused = await anna.NextAsync(frame => frame.T == EventTags.Refused);
        Assert.Equal(("k1", "unavailable"), (refused.Id, refused.Code));
        store.Fails = false;
        await anna.FramesAsync(
            new CommandFrame { T = CommandTags.Send, Id = "k2", To = "ben", Text = "2" },
            new CommandFrame { T = CommandTags.Send, Id = "k3", To = "carla", Text = "another conversation is not held up" });
        Assert.Equal("out_of_order", (await anna.NextAsync(frame => frame.T == EventTags.Refused && frame.Id == "k2")).Code);
        await anna.NextAsync(frame => frame.T == EventTags.Accepted && frame.Id == "k3");

        // Sent again from the first refused one on, in order.
        await anna.FramesAsync(
            new CommandFrame { T = CommandTags.Send, Id = "k1", To = "ben", Text = "1" },
            new CommandFrame { T = CommandTags.Send, Id = "k2", To = "ben", Text = "2" });
        var one = await anna.NextAsync(frame => frame.T == EventTags.Accepted && frame.Id == "k1");
        var two = await anna.NextAsync(frame => frame.T == EventTags.Accepted && frame.Id == "k2");
        Assert.Equal(one.Seq + 1, two.Seq);

        // Or withdrawn: then the later ones pass.
        store.Fails = true;
        await anna.FramesAsync(new CommandFrame { T = CommandTags.Send, Id = "k4", To = "ben", Text = "4" });
        await anna.NextAsync(frame => frame.T == EventTags.Refused && frame.Id == "k4");
        store.Fails = false;
        await anna.FramesAsync(
            new CommandFrame { T = CommandTags.Withdraw, Id = "k4", To = "ben" },
            new CommandFrame { T = CommandTags.Send, Id = "k5", To = "ben", Text = "5" });
        await anna.NextAsync(frame => frame.T == EventTags.Accepted && frame.Id == "k5");
    }

    [Fact]
    public async Task Many_commands_in_flight_keep_their_order()
    {
        await using var host = await ChatHost.StartAsync();
        await using var anna = await host.ConnectAsync("anna");
        const int count = 1000;
        foreach (var chunk in Enumerable.Range(0, count).Chunk(100))
        {
            await anna.FramesAsync([.. chunk.Select(i => new CommandFrame { T = CommandTags.Send, Id = $"k{i}", To = "ben", Text = $"{i}" })]);
        }

        for (var i = 0; i < count; i++)
        {
            var accepted = await anna.NextAsync(frame => frame.T == EventTags.Accepted);
            Assert.Equal(($"k{i}", i + 2L), (accepted.Id!, accepted.Seq!.Value));
        }
    }
}
