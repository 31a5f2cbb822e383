using System.Diagnostics;
using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.Scenarios.Tests.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.Scenarios.Tests;

/// <summary>What the list of conversations costs on PostgreSQL: one query where all it needs lies in one database, and the same answer where not.</summary>
public class ConversationListTests
{
    private static readonly UserId Anna = new("anna");
    private static readonly UserId Ben = new("ben");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected virtual int Queries => 1;

    [Fact]
    public async Task The_list_is_read_at_once()
    {
        await using var host = await ChatHost.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            var peer = new UserId($"peer{i}");
            var sent = (await host.Chat.SendAsync(SendMessage.Direct(Anna, peer, $"to {i}"), Stop)).Value;
            await host.Chat.SendAsync(SendMessage.Direct(peer, Anna, $"from {i}"), Stop);
            Assert.Equal(2, sent.Seq);
        }

        // Her own marks are stored: what waits for the flush would be counted anew.
        var marks = host.App.Services.GetRequiredService<IReceiptStore>();
        await Eventually.TrueAsync(async () => (await marks.GetForUserAsync(
            Anna, [.. Enumerable.Range(0, 3).Select(i => ConversationId.Direct(Anna, new UserId($"peer{i}")))], Stop)).All(mark => mark.Read == 2));

        var (page, queries) = await CountAsync(() => host.Chat.GetConversationsAsync(Anna, null, 2, Stop).AsTask());
        Assert.Equal(["from 2", "from 1"], page.Value.Conversations.Select(one => System.Text.Encoding.UTF8.GetString(one.LastMessage!.Body.Span)));
        Assert.Equal([1, 1], page.Value.Conversations.Select(one => one.Unread)); // rule 3: her own send moved her mark
        Assert.NotNull(page.Value.Next);
        Assert.Equal(Queries, queries);
        var rest = (await host.Chat.GetConversationsAsync(Anna, page.Value.Next, 2, Stop)).Value;
        Assert.Equal(ConversationId.Direct(Anna, new UserId("peer0")), Assert.Single(rest.Conversations).Id);
    }

    [Fact]
    public async Task What_was_read_and_not_flushed_yet_is_not_unread()
    {
        await using var host = await ChatHost.StartAsync();
        var sent = (await host.Chat.SendAsync(SendMessage.Direct(Anna, Ben, "one"), Stop)).Value;
        await host.Chat.SendAsync(SendMessage.Direct(Anna, Ben, "two"), Stop);
        await host.Chat.MarkReadAsync(Ben, sent.Conversation, sent.Seq, Stop);
        Assert.Equal(1, Assert.Single((await host.Chat.GetConversationsAsync(Ben, null, 10, Stop)).Value.Conversations).Unread);
    }

    private static async Task<(T Result, int Queries)> CountAsync<T>(Func<Task<T>> work)
    {
        var commands = 0;
        using var source = new ActivitySource("ConversationListTests");
        using var listener = new ActivityListener
        {
            ShouldListenTo = one => one == source || one.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        using var activity = source.StartActivity("list")!;
        var trace = activity.TraceId;
        listener.ActivityStopped = stopped =>
        {
            if (stopped.Source.Name == "Npgsql" && stopped.TraceId == trace)
            {
                Interlocked.Increment(ref commands);
            }
        };
        var result = await work();
        return (result, commands);
    }
}

[OnStore<TwoDatabases>]
public sealed class ConversationListOnTwoDatabasesTests : ConversationListTests
{
    // Memberships, heads, marks, counts, last messages.
    protected override int Queries => 5;
}
