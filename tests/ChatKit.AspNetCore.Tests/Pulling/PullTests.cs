using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.AspNetCore.Tests.Scenarios;
using ChatKit.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.AspNetCore.Tests.Pulling;

/// <summary>Entries are read from the log only by those whom the live path did not reach.</summary>
public class PullTests
{
    private static readonly UserId Anna = new("anna");
    private static readonly UserId Ben = new("ben");
    private static readonly CommandFrame Nothing = new() { T = CommandTags.Activity };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_comes_during_a_pull_follows_it_without_another()
    {
        // Or a busy conversation that was once behind would be pulled for each of its entries from then on.
        var store = new TroubledStore();
        await using var host = await StartAsync(store, TimeSpan.FromSeconds(10));
        await using (await host.ConnectAsync("ben", "raw"))
        {
            // His device is known from here on.
        }

        var last = await SendAsync(host, 3);
        await using var ben = await host.ConnectAsync("ben", "raw");
        var (pulling, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        store.Meanwhile = () =>
        {
            pulling.TrySetResult();
            return goOn.Task.WaitAsync(Stop);
        };
        await ben.FramesAsync(Nothing);
        await pulling.Task.WaitAsync(Stop);
        last = await SendAsync(host, 3);
        var delivery = host.App.Services.GetRequiredService<Delivery.NodeDelivery>();
        await Eventually.TrueAsync(() => Task.FromResult(delivery.HasReached(last.Conversation, last.Seq, last.Seq)));
        goOn.SetResult();

        for (var seq = 2; seq <= last.Seq; seq++)
        {
            Assert.Equal(seq, (await ben.NextAsync(frame => frame.Entry is { Kind: "message" })).Entry!.Seq); // rule 6
        }

        Assert.Equal(1, store.Reads);
    }

    [Fact]
    public async Task The_feed_reads_nothing_again_that_was_delivered()
    {
        // Rule 10: it wakes those whose hint was lost, and nobody else.
        var store = new TroubledStore();
        await using var host = await StartAsync(store, TimeSpan.FromSeconds(1));
        await SendAsync(host, 5);
        var end = (await host.App.Services.GetRequiredService<IStoreIdentity>().GetInfoAsync(Stop)).FeedEnd;
        var checkpoints = host.App.Services.GetRequiredService<IFeedCheckpointStore>();
        await Eventually.TrueAsync(async () => await checkpoints.GetCheckpointAsync("recovery", Stop) >= end);
        Assert.Equal(0, store.Reads);
    }

    private static Task<ChatHost> StartAsync(TroubledStore store, TimeSpan recovery) => ChatHost.StartAsync(options =>
    {
        options.Chat = chat => chat.RecoveryInterval = recovery;
        options.Store = chat =>
        {
            chat.UseInMemory();
            store.Wrap(chat.Services);
        };
    });

    private static async Task<SentMessage> SendAsync(ChatHost host, int count)
    {
        SentMessage last = default!;
        for (var i = 0; i < count; i++)
        {
            last = (await host.Chat.SendAsync(SendMessage.Direct(Anna, Ben, $"message {i}"), Stop)).Value;
        }

        return last;
    }
}
