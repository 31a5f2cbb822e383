using System.Net;
using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.AspNetCore.Tests.Scenarios;
using ChatKit.Client;
using ChatKit.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.AspNetCore.Tests.Door;

/// <summary>Two nodes over one store and one backplane (rules 11 and 16).</summary>
public sealed class ClusterTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_receipts_typing_and_presence_flow_between_nodes()
    {
        await using var cluster = new Cluster();
        await using var north = await cluster.StartAsync();
        await using var south = await cluster.StartAsync();
        await using var anna = await Person.ConnectAsync(north, "anna");
        await using var ben = await Person.ConnectAsync(south, "ben");
        await anna.Client.WatchPresenceAsync([ben.Id], Stop);
        await anna.SeesAsync<PresenceUpdated>(update => update.Presence.Any(presence => presence is { State: PresenceState.Online, User.Value: "ben" }));
        var sent = await anna.SendAsync(ben, "over the wire");
        await ben.GetsAsync("over the wire");
        await anna.SeesAsync<ReceiptsUpdated>(update => update.Receipts.Any(receipt => receipt.User == ben.Id && receipt.Delivered >= sent.Seq));
        await ben.SendAsync(anna, "and back");
        await anna.GetsAsync("and back");
        ben.Client.Conversation(sent.Conversation).ReportTyping();
        await anna.SeesAsync<TypingUpdated>(typing => typing.User == ben.Id);
    }

    [Fact]
    public async Task Lost_hints_between_nodes_cost_only_time()
    {
        // Rules 10 and 11.
        await using var cluster = new Cluster(options => options.Chat = chat => chat.RecoveryInterval = TimeSpan.FromMilliseconds(200));
        await using var north = await cluster.StartAsync();
        await using var south = await cluster.StartAsync();
        await using var anna = await Person.ConnectAsync(north, "anna");
        await using var ben = await Person.ConnectAsync(south, "ben");
        await anna.SendAsync(ben, "first");
        await ben.GetsAsync("first");
        cluster.Backplane.Loses = message => message is EntriesAppended { Entries: not null };
        await anna.SendAsync(ben, "second");
        await ben.GetsAsync("second");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_revoked_device_ends_on_every_node_also_when_the_hint_is_lost(bool hintIsLost)
    {
        await using var cluster = new Cluster(options => options.Chat = chat => chat.DeviceCheckInterval = TimeSpan.FromSeconds(1));
        await using var north = await cluster.StartAsync();
        await using var south = await cluster.StartAsync();
        await using var lost = await Person.ConnectAsync(south, "anna", "lost");
        await using var kept = await Person.ConnectAsync(south, "anna", "kept");
        await using var raw = await HubClient.StartAsync(south.Hub("anna").Build());
        await raw.HelloAsync("lost");
        await raw.AskAsync(new CommandFrame { T = CommandTags.Conversations });
        using var http = south.Http("anna");
        using var first = await http.GetAsync("sync?device=lost&wait=0", Stop);
        var waiting = http.GetAsync("sync?device=lost&wait=30&after=" + (await Problem.ReadAsync(first)).GetProperty("next").GetString(), Stop);

        cluster.Backplane.Loses = message => hintIsLost && message is DeviceRevoked;
        await north.Chat.RevokeDeviceAsync(new DeviceId(new UserId("anna"), "lost"), Stop);

        var stopped = await lost.SeesAsync<ConnectionChanged>(changed => changed.State == ChatConnectionState.Stopped);
        Assert.Equal(ChatErrorCode.DeviceRevoked, stopped.Error?.Code);
        Assert.Equal("device_revoked", (await raw.NextAsync(e => e.T == EventTags.Goodbye)).Code);
        await raw.Closed;
        using var poll = await waiting;
        await Problem.ExpectAsync(poll, HttpStatusCode.Forbidden, "device_revoked");

        // Afterwards: refused at Hello, at the long poll, on every node; the client does not try again.
        foreach (var host in new[] { north, south })
        {
            await using var again = await HubClient.StartAsync(host.Hub("anna").Build());
            Assert.Equal("device_revoked", (await again.HelloAsync("lost")).Code);
            await again.Closed;
            using var client = host.Http("anna");
            using var refused = await client.GetAsync("sync?device=lost&wait=0", Stop);
            await Problem.ExpectAsync(refused, HttpStatusCode.Forbidden, "device_revoked");
        }

        Assert.Single(lost.Happened.OfType<ConnectionChanged>(), changed => changed.State == ChatConnectionState.Connected);
        Assert.Equal(ChatConnectionState.Connected, kept.Client.State);
        await kept.SendAsync(kept, "still here");
    }

    [Fact]
    public async Task Who_was_present_on_a_node_that_died_is_shown_gone_after_its_lease()
    {
        // Rule 16: leases are per node, by the store's clock.
        await using var cluster = new Cluster();
        await using var north = await cluster.StartAsync();
        var grave = new Grave(cluster.Plug<ISessionRegistry>());
        var south = await cluster.StartAsync(options => options.Build += builder => builder.Services.AddSingleton<ISessionRegistry>(grave));
        await using var early = await north.ConnectAsync("anna", "early");
        await early.AskAsync(new CommandFrame { T = CommandTags.Watch, Users = ["ben", "cara"] });
        await using var ben = await south.ConnectAsync("ben");
        await using var cara = await north.ConnectAsync("cara");
        await early.NextAsync(e => Shows(e, "ben", "online"));

        // Who looks later finds it in the stores, and is not told by the node.
        UserId[] both = [new("ben"), new("cara")];
        var lastSeen = cluster.Plug<ILastSeenStore>();
        await Eventually.TrueAsync(async () => (await lastSeen.GetAsync(both, Stop)).All(seen => seen is not null));
        await using var late = await north.ConnectAsync("anna", "late");
        var found = await late.AskAsync(new CommandFrame { T = CommandTags.Watch, Users = ["ben", "cara"] });
        Assert.Equal(["online", "online"], found.Presence!.Select(presence => presence.State));

        // The node dies: it tells nothing any more and takes nothing back.
        grave.IsClosed = true;
        cluster.Backplane.Loses = message => message is PresenceChanged { Presence.User.Value: "ben" };
        await south.DisposeAsync();
        cluster.Backplane.Loses = _ => false;
        Assert.False(late.Has(e => Shows(e, "ben", "offline")));
        ((ShiftedTime)cluster.Clock).Shift += TimeSpan.FromSeconds(31);
        await early.NextAsync(e => Shows(e, "ben", "offline"));
        await late.NextAsync(e => Shows(e, "ben", "offline"));

        // The living node's lease had ended by that clock, too; it took it again, and its users stay.
        await cara.FramesAsync(new CommandFrame { T = CommandTags.Activity });
        var now = await late.AskAsync(new CommandFrame { T = CommandTags.Watch, Users = ["ben", "cara"] });
        Assert.Equal(["offline", "online"], now.Presence!.Select(presence => presence.State));

        static bool Shows(EventFrame e, string user, string state) => e.T == EventTags.Presence && e.Presence!.Any(presence => presence.User == user && presence.State == state);
    }

    /// <summary>The registry as a node sees it that dies: nothing it says arrives.</summary>
    private sealed class Grave(ISessionRegistry inner) : ISessionRegistry
    {
        public bool IsClosed { get; set; }

        public ValueTask<bool> RenewNodeAsync(NodeId node, TimeSpan lease, CancellationToken cancellationToken) =>
            IsClosed ? new(true) : inner.RenewNodeAsync(node, lease, cancellationToken);

        public ValueTask RemoveNodeAsync(NodeId node, CancellationToken cancellationToken) => IsClosed ? default : inner.RemoveNodeAsync(node, cancellationToken);

        public ValueTask PutAsync(IReadOnlyList<SessionRecord> sessions, CancellationToken cancellationToken) =>
            IsClosed ? default : inner.PutAsync(sessions, cancellationToken);

        public ValueTask RemoveAsync(IReadOnlyList<SessionRecord> sessions, CancellationToken cancellationToken) =>
            IsClosed ? default : inner.RemoveAsync(sessions, cancellationToken);

        public ValueTask<IReadOnlyList<IReadOnlyList<SessionRecord>>> GetAsync(IReadOnlyList<UserId> users, CancellationToken cancellationToken) => inner.GetAsync(users, cancellationToken);
    }
}
