using System.Net.Http.Json;
using System.Text.Json;
using ChatKit.AspNetCore.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ChatKit.AspNetCore.Tests.Scenarios;

/// <summary>Pages of messages (rule 13) and of conversations.</summary>
public class HistoryTests
{
    private static readonly UserId Anna = new("anna");
    private static readonly UserId Ben = new("ben");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_meet_without_gap_or_overlap_in_both_directions()
    {
        await using var host = await ChatHost.StartAsync();
        var conversation = await FillAsync(host, 57);
        var backward = new List<long>();
        long? before = null;
        while (true)
        {
            var page = (await host.Chat.GetMessagesAsync(new MessageQuery { Reader = Ben, Conversation = conversation, Before = before, Limit = 10 }, Stop)).Value;
            backward.InsertRange(0, page.Messages.Select(message => message.Seq));
            Assert.Equal(58, page.AsOf);
            if (!page.HasMore)
            {
                break;
            }

            before = page.From;
        }

        var forward = new List<long>();
        var after = 0L;
        while (true)
        {
            var page = (await host.Chat.GetMessagesAsync(new MessageQuery { Reader = Ben, Conversation = conversation, After = after, Limit = 10 }, Stop)).Value;
            forward.AddRange(page.Messages.Select(message => message.Seq));
            if (!page.HasMore)
            {
                break;
            }

            after = page.To;
        }

        Assert.Equal(Enumerable.Range(2, 57).Select(seq => (long)seq), backward);
        Assert.Equal(backward, forward);
    }

    [Fact]
    public async Task The_limit_counts_messages_and_shows_them_as_they_are_now()
    {
        await using var host = await ChatHost.StartAsync();
        var conversation = await FillAsync(host, 3); // 2, 3, 4
        await host.Chat.EditAsync(new EditMessage { From = Anna, Conversation = conversation, Seq = 2, Body = "better"u8.ToArray() }, Stop); // 5
        await host.Chat.DeleteAsync(new DeleteMessage { From = Anna, Conversation = conversation, Seq = 3 }, Stop); // 6
        var page = (await host.Chat.GetMessagesAsync(new MessageQuery { Reader = Ben, Conversation = conversation, Limit = 3 }, Stop)).Value;

        Assert.Equal([2, 3, 4], page.Messages.Select(message => message.Seq));
        Assert.Equal(("better", 5), (System.Text.Encoding.UTF8.GetString(page.Messages[0].Body.Span), page.Messages[0].Version));
        Assert.Equal((true, true, 6), (page.Messages[1].Erased, page.Messages[1].Body.IsEmpty, page.Messages[1].Version));
        Assert.Equal(6, page.AsOf);
    }

    [Fact]
    public async Task A_time_finds_its_place()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var host = await ChatHost.StartAsync(options => options.Build = builder => builder.Services.AddSingleton<TimeProvider>(clock));
        ConversationId conversation = default;
        for (var i = 0; i < 30; i++)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            conversation = (await host.Chat.SendAsync(SendMessage.Direct(Anna, Ben, $"minute {i + 1}"), Stop)).Value.Conversation;
        }

        var noon = new DateTimeOffset(2026, 1, 1, 0, 10, 0, TimeSpan.Zero);
        var before = (await host.Chat.GetMessagesAsync(new MessageQuery { Reader = Ben, Conversation = conversation, BeforeTime = noon, Limit = 2 }, Stop)).Value;
        Assert.Equal(["minute 8", "minute 9"], before.Messages.Select(Text));
        var after = (await host.Chat.GetMessagesAsync(new MessageQuery { Reader = Ben, Conversation = conversation, AfterTime = noon, Limit = 2 }, Stop)).Value;
        Assert.Equal(["minute 11", "minute 12"], after.Messages.Select(Text));
        var start = (await host.Chat.GetMessagesAsync(new MessageQuery { Reader = Ben, Conversation = conversation, BeforeTime = noon.AddDays(-1) }, Stop)).Value;
        Assert.Empty(start.Messages);
        var end = (await host.Chat.GetMessagesAsync(new MessageQuery { Reader = Ben, Conversation = conversation, AfterTime = noon.AddDays(1) }, Stop)).Value;
        Assert.Empty(end.Messages);
    }

    [Theory]
    [InlineData("390x844", 20)] // ceil(480 / 292.5) = 2 lines, ceil(1.5 * 844 / 64)
    [InlineData("1920x1080", 37)] // 1 line, ceil(1.5 * 1080 / 44)
    [InlineData("100x100", 10)] // at least 10
    [InlineData("2000x32000", 100)] // at most 100
    public async Task A_screen_size_gives_the_number_of_messages(string size, int expected)
    {
        await using var host = await ChatHost.StartAsync();
        await FillAsync(host, 120);
        using var http = host.Http("ben");
        var page = await http.GetFromJsonAsync<JsonElement>($"direct/anna/messages?screenSize={size}", Stop);
        Assert.Equal(expected, page.GetProperty("messages").GetArrayLength());
    }

    [Fact]
    public async Task What_retention_trimmed_is_skipped()
    {
        await using var host = await ChatHost.StartAsync();
        var conversation = await FillAsync(host, 10);
        await host.App.Services.GetRequiredService<ILogRetention>().TrimAsync(conversation, 6, Stop);
        var page = (await host.Chat.GetMessagesAsync(new MessageQuery { Reader = Ben, Conversation = conversation }, Stop)).Value;
        Assert.Equal([7, 8, 9, 10, 11], page.Messages.Select(message => message.Seq));
        Assert.False(page.HasMore);
    }

    [Fact]
    public async Task Conversations_come_last_active_first_in_pages()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var host = await ChatHost.StartAsync(options => options.Build = builder => builder.Services.AddSingleton<TimeProvider>(clock));
        for (var i = 0; i < 25; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await host.Chat.SendAsync(SendMessage.Direct(new UserId($"friend{i}"), Anna, $"hello {i}"), Stop);
        }

        clock.Advance(TimeSpan.FromSeconds(1));
        await host.Chat.SendAsync(SendMessage.Direct(Anna, new UserId("friend3"), "hello again"), Stop);
        var texts = new List<string>();
        string? next = null;
        do
        {
            var page = (await host.Chat.GetConversationsAsync(Anna, next, 10, Stop)).Value;
            texts.AddRange(page.Conversations.Select(conversation => Text(conversation.LastMessage!)));
            next = page.Next;
        }
        while (next is not null);

        Assert.Equal(["hello again", .. Enumerable.Range(0, 25).Where(i => i != 3).Reverse().Select(i => $"hello {i}")], texts);
    }

    private static string Text(LogEntry entry) => System.Text.Encoding.UTF8.GetString(entry.Body.Span);

    private static async Task<ConversationId> FillAsync(ChatHost host, int count)
    {
        ConversationId conversation = default;
        for (var i = 0; i < count; i++)
        {
            conversation = (await host.Chat.SendAsync(SendMessage.Direct(Anna, Ben, $"m{i}"), Stop)).Value.Conversation;
        }

        return conversation;
    }
}
