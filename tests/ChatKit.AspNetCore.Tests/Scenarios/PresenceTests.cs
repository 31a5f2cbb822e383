using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.Client;
using ChatKit.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ChatKit.AspNetCore.Tests.Scenarios;

/// <summary>The two clocks of rule 16, and typing that ends by itself.</summary>
public class PresenceTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Online_when_active_offline_with_last_seen_when_gone()
    {
        await using var host = await ChatHost.StartAsync();
        await using var anna = await Person.ConnectAsync(host, "anna");
        var before = Assert.Single(await anna.Client.WatchPresenceAsync([new UserId("ben")], Stop));
        Assert.Equal((PresenceState.Offline, null), (before.State, before.LastSeen));

        await using (var ben = await Person.ConnectAsync(host, "ben"))
        {
            await anna.SeesAsync<PresenceUpdated>(update => update.Presence.Any(presence => presence.User == ben.Id && presence.State == PresenceState.Online));
        }

        await anna.SeesAsync<PresenceUpdated>(update => update.Presence.Any(presence => presence.User.Value == "ben" && presence is { State: PresenceState.Offline, LastSeen: not null }));
    }

    [Fact]
    public async Task App_activity_alone_never_says_online()
    {
        await using var host = await ChatHost.StartAsync();
        await using var anna = await Person.ConnectAsync(host, "anna");
        await anna.Client.WatchPresenceAsync([new UserId("ben")], Stop);
        await using var ben = await Person.ConnectAsync(host, "ben", background: true);
        var sent = await anna.SendAsync(ben, "Hi");
        await anna.SeesAsync<ReceiptsUpdated>(update => update.Receipts.Any(receipt => receipt.User == ben.Id && receipt.Delivered >= sent.Seq));

        // Connected, synchronised, acknowledged: still offline, and never seen.
        var now = Assert.Single(await anna.Client.WatchPresenceAsync([ben.Id], Stop));
        Assert.Equal((PresenceState.Offline, null), (now.State, now.LastSeen));
        Assert.DoesNotContain(anna.Happened.OfType<PresenceUpdated>(), update => update.Presence.Any(presence => presence.State != PresenceState.Offline));

        ben.Client.ReportActivity();
        await anna.SeesAsync<PresenceUpdated>(update => update.Presence.Single().State == PresenceState.Online);
    }

    [Fact]
    public async Task Away_after_a_while_without_activity()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var host = await ChatHost.StartAsync(options => options.Build = builder => builder.Services.AddSingleton<TimeProvider>(clock));
        await using var anna = await host.ConnectAsync("anna");
        await using var ben = await host.ConnectAsync("ben");
        var answer = await anna.AskAsync(new CommandFrame { T = CommandTags.Watch, Users = ["ben"] });
        Assert.Equal("online", answer.Presence!.Single().State);

        clock.Advance(TimeSpan.FromSeconds(61));
        var away = await anna.NextAsync(frame => frame.T == EventTags.Presence);
        Assert.Equal(("away", new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)), (away.Presence!.Single().State, away.Presence!.Single().LastSeen));

        await ben.FramesAsync(new CommandFrame { T = CommandTags.Activity });
        Assert.Equal("online", (await anna.NextAsync(frame => frame.T == EventTags.Presence)).Presence!.Single().State);
    }

    [Fact]
    public async Task Typing_is_shown_to_the_others_and_ends_by_itself()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var host = await ChatHost.StartAsync(options => options.Build = builder => builder.Services.AddSingleton<TimeProvider>(clock));
        await using var anna = await host.ConnectAsync("anna");
        await using var ben = await host.ConnectAsync("ben");
        await ben.FramesAsync(new CommandFrame { T = CommandTags.Activity });
        var sent = await anna.AskAsync(new CommandFrame { T = CommandTags.Send, To = "ben", Text = "Hi" });
        await anna.FramesAsync(new CommandFrame { T = CommandTags.Typing, Conversation = sent.Conversation, Typing = true });
        var typing = await ben.NextAsync(frame => frame.T == EventTags.Typing);
        Assert.Equal(("anna", clock.GetUtcNow() + TimeSpan.FromSeconds(6)), (typing.User, typing.Until));

        clock.Advance(TimeSpan.FromSeconds(7));
        Assert.Null((await ben.NextAsync(frame => frame.T == EventTags.Typing)).Until);

        // A message ends it at once.
        await anna.FramesAsync(new CommandFrame { T = CommandTags.Typing, Conversation = sent.Conversation, Typing = true });
        Assert.NotNull((await ben.NextAsync(frame => frame.T == EventTags.Typing)).Until);
        await anna.AskAsync(new CommandFrame { T = CommandTags.Send, To = "ben", Text = "there" });
        Assert.Null((await ben.NextAsync(frame => frame.T == EventTags.Typing)).Until);
    }

    [Fact]
    public async Task More_than_200_people_cannot_be_watched()
    {
        await using var host = await ChatHost.StartAsync();
        await using var anna = await host.ConnectAsync("anna");
        var answer = await anna.AskAsync(new CommandFrame { T = CommandTags.Watch, Users = [.. Enumerable.Range(0, 201).Select(i => $"u{i}")] });
        Assert.Equal("invalid", answer.Code);
    }
}
