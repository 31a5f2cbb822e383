using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.AspNetCore.Tests.Scenarios;

/// <summary>Rule 10: what a host accepts is read from the feed, from the first entry on, by it or by the one that comes after it.</summary>
public class FeedStartTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("recovery")]
    [InlineData("notifications")]
    public async Task Where_a_consumer_begins_is_noted_before_anything_is_accepted(string consumer)
    {
        await using var host = await ChatHost.StartAsync(static options => options.Build = static builder =>
            builder.Services.AddSingleton<INotificationSender>(new RecordingSender()));
        Assert.Equal(0, await host.App.Services.GetRequiredService<IFeedCheckpointStore>().GetCheckpointAsync(consumer, Stop));
    }

    [Fact]
    public async Task A_store_that_is_away_keeps_no_host_from_starting()
    {
        await using var host = await ChatHost.StartAsync(static options =>
        {
            options.Chat = static chat => chat.RecoveryInterval = TimeSpan.FromMilliseconds(100);
            options.Build = static builder =>
            {
                builder.Services.Wrap<IFeedCheckpointStore>(static inner => new TroubledCheckpoints(inner, failures: 5));
                builder.Services.AddSingleton<INotificationSender>(new RecordingSender());
            };
        });
        var checkpoints = (TroubledCheckpoints)host.App.Services.GetRequiredService<IFeedCheckpointStore>();
        foreach (var consumer in new[] { "recovery", "notifications" })
        {
            await Eventually.TrueAsync(async () => checkpoints.Asked > 5 && await checkpoints.GetCheckpointAsync(consumer, Stop) is not null);
        }
    }
}
