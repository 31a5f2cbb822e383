using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

/// <summary>What every <see cref="ISessionRegistry"/> does (rule 16).</summary>
public abstract class SessionRegistryConformance : StorageConformance
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private ISessionRegistry Registry => Plug<ISessionRegistry>();

    /// <summary>Sessions of live nodes are read by user, one list a user, in order.</summary>
    [Fact]
    public async Task Sessions_are_read_by_user()
    {
        var (one, other) = (await NodeAsync(), await NodeAsync());
        var (ann, ben, cyd) = (Make.User("ann"), Make.User("ben"), Make.User("cyd"));
        SessionRecord[] sessions = [Session(ann, one), Session(ann, other), Session(ben, one)];
        await Registry.PutAsync(sessions, Token);
        var read = await Registry.GetAsync([ben, cyd, ann, ben], Token);
        Assert.Equal(4, read.Count);
        Assert.Equal([sessions[2]], read[0]);
        Assert.Empty(read[1]);
        Assert.Equal(sessions[..2].ToHashSet(), read[2].ToHashSet());
        Assert.Equal([sessions[2]], read[3]);
        Assert.Empty(await Registry.GetAsync([], Token));
        await Registry.PutAsync([], Token);
        await Registry.RemoveAsync([], Token);
    }

    /// <summary>A session put again is replaced; two of one device are two.</summary>
    [Fact]
    public async Task A_session_put_again_is_replaced()
    {
        var (node, other) = (await NodeAsync(), await NodeAsync());
        var first = Session(Make.User(), node);
        var second = first with { Session = new SessionId("second") };
        await Registry.PutAsync([first, second], Token);
        await Registry.PutAsync([first], Token);
        Assert.Equal(new[] { first, second }.ToHashSet(), (await OfAsync(first.Device.User)).ToHashSet());
        Assert.Equal(2, (await OfAsync(first.Device.User)).Count);
        var moved = first with { Node = other, ConnectedAt = first.ConnectedAt.AddSeconds(5) };
        await Registry.PutAsync([moved], Token);
        Assert.Equal(new[] { moved, second }.ToHashSet(), (await OfAsync(first.Device.User)).ToHashSet());
        await Registry.RemoveNodeAsync(node, Token);
        Assert.Equal([moved], await OfAsync(first.Device.User));
    }

    /// <summary>Sessions are removed; unknown ones are ignored.</summary>
    [Fact]
    public async Task Sessions_are_removed()
    {
        var node = await NodeAsync();
        var user = Make.User();
        SessionRecord[] sessions = [Session(user, node), Session(user, node)];
        await Registry.PutAsync(sessions, Token);
        await Registry.RemoveAsync([sessions[0], Session(user, node), Session(Make.User(), node)], Token);
        Assert.Equal([sessions[1]], await OfAsync(user));
        await Registry.RemoveAsync(sessions, Token);
        Assert.Empty(await OfAsync(user));
    }

    /// <summary>A removed node takes its sessions with it, and no others.</summary>
    [Fact]
    public async Task A_removed_node_takes_its_sessions_with_it()
    {
        var (one, other) = (await NodeAsync(), await NodeAsync());
        var user = Make.User();
        SessionRecord[] sessions = [Session(user, one), Session(user, other)];
        await Registry.PutAsync(sessions, Token);
        await Registry.RemoveNodeAsync(one, Token);
        await Registry.RemoveNodeAsync(new NodeId("unknown"), Token);
        Assert.Equal([sessions[1]], await OfAsync(user));
        Assert.False(await Registry.RenewNodeAsync(one, Lease, Token));
        Assert.Equal([sessions[1]], await OfAsync(user));
    }

    /// <summary>Renewing tells whether the lease lived.</summary>
    [Fact]
    public async Task Renewing_tells_whether_the_lease_lived()
    {
        var node = new NodeId($"node-{Guid.NewGuid():N}");
        Assert.False(await Registry.RenewNodeAsync(node, Lease, Token));
        Assert.True(await Registry.RenewNodeAsync(node, Lease, Token));
        Assert.False(await Registry.RenewNodeAsync(new NodeId(node.Value.ToUpperInvariant()), Lease, Token));
        Assert.True(await Registry.RenewNodeAsync(node, TimeSpan.FromHours(1), Token));
    }

    /// <summary>Rule 16: when a node's lease ends, its sessions are gone, and they do not come back with the node.</summary>
    [Fact]
    public async Task Sessions_end_with_the_lease_of_their_node()
    {
        NeedsVirtualClock();
        var (one, other) = (await NodeAsync(), await NodeAsync(TimeSpan.FromMinutes(10)));
        var user = Make.User();
        SessionRecord[] sessions = [Session(user, one), Session(user, other)];
        await Registry.PutAsync(sessions, Token);
        Clock.Move(Lease - TimeSpan.FromSeconds(1));
        Assert.Equal(2, (await OfAsync(user)).Count);
        Clock.Move(TimeSpan.FromSeconds(2));
        Assert.Equal([sessions[1]], await OfAsync(user));
        Assert.False(await Registry.RenewNodeAsync(one, Lease, Token));
        Assert.Equal([sessions[1]], await OfAsync(user));
        await Registry.PutAsync([sessions[0]], Token);
        Assert.Equal(sessions.ToHashSet(), (await OfAsync(user)).ToHashSet());
    }

    /// <summary>Rule 16: a renewed lease lasts from the renewal on.</summary>
    [Fact]
    public async Task A_renewed_lease_lasts_from_its_renewal()
    {
        NeedsVirtualClock();
        var node = await NodeAsync();
        var session = Session(Make.User(), node);
        await Registry.PutAsync([session], Token);
        for (var n = 0; n < 4; n++)
        {
            Clock.Move(Lease * 0.8);
            Assert.True(await Registry.RenewNodeAsync(node, Lease, Token));
            Assert.Equal([session], await OfAsync(session.Device.User));
        }

        Clock.Move(Lease * 0.8);
        Assert.Equal([session], await OfAsync(session.Device.User));
        Clock.Move(Lease * 0.4);
        Assert.Empty(await OfAsync(session.Device.User));
    }

    /// <summary>Rule 16, for stores that go by their server's clock: the shortest lease ends by itself.</summary>
    [Fact]
    public async Task A_lease_of_a_second_ends_by_itself()
    {
        var node = await NodeAsync(TimeSpan.FromSeconds(1));
        var session = Session(Make.User(), node);
        await Registry.PutAsync([session], Token);
        Clock.Move(TimeSpan.FromSeconds(2));
        for (var tries = 0; (await OfAsync(session.Device.User)).Count > 0; tries++)
        {
            Assert.True(tries < 400, "A lease of one second lives after 20 seconds.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
        }

        Assert.False(await Registry.RenewNodeAsync(node, Lease, Token));
    }

    /// <summary>Rule 17: tenants and users share nothing, also under one session id; ids are compared ordinally.</summary>
    [Fact]
    public async Task Ids_and_tenants_are_told_apart()
    {
        var node = await NodeAsync();
        List<SessionRecord> sessions = [];
        foreach (var tenant in Texts.Tenants)
        {
            foreach (var text in Texts.Alike)
            {
                sessions.Add(Session(new UserId(text, tenant), node));
                sessions.Add(Session(new UserId("someone", tenant), node) with { Session = new SessionId(text) });
            }
        }

        await Registry.PutAsync(sessions, Token);
        foreach (var group in sessions.GroupBy(session => session.Device.User))
        {
            Assert.Equal(group.ToHashSet(), (await OfAsync(group.Key)).ToHashSet());
        }

        var removed = sessions.Where((_, n) => n % 2 == 0).ToArray();
        await Registry.RemoveAsync(removed, Token);
        Assert.Empty((await Registry.GetAsync([.. removed.Select(session => session.Device.User)], Token)).SelectMany(found => found));
        Assert.Equal(Texts.Alike.Count, (await OfAsync(new UserId("someone", "acme"))).Count);
    }

    /// <summary>A lease lasts 1 second to 1 hour.</summary>
    [Fact]
    public async Task Leases_out_of_range_are_refused()
    {
        var node = new NodeId($"node-{Guid.NewGuid():N}");
        foreach (var lease in new[] { TimeSpan.MinValue, TimeSpan.Zero, TimeSpan.FromMilliseconds(999), TimeSpan.FromHours(1) + TimeSpan.FromTicks(1) })
        {
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Registry.RenewNodeAsync(node, lease, Token));
        }

        Assert.False(await Registry.RenewNodeAsync(node, TimeSpan.FromHours(1), Token));
    }

    /// <summary>Sessions that come and go at once leave what should be left.</summary>
    [Fact]
    public async Task Racing_sessions_leave_what_should_be_left()
    {
        var user = Make.User();
        var kept = await Racing.RunAsync(8, async n =>
        {
            var node = await NodeAsync();
            var stays = Session(user, node);
            for (var k = 0; k < 15; k++)
            {
                var passes = Session(user, node);
                await Registry.PutAsync([passes, stays], Token);
                await Registry.RenewNodeAsync(node, Lease, Token);
                await Registry.RemoveAsync([passes], Token);
            }

            return stays;
        });
        Assert.Equal(kept.ToHashSet(), (await OfAsync(user)).ToHashSet());
    }

    private SessionRecord Session(UserId user, NodeId node) =>
        new(new SessionId(Guid.NewGuid().ToString("N")), Make.Device(user), node, Clock.GetUtcNow());

    private async Task<NodeId> NodeAsync(TimeSpan? lease = null)
    {
        var node = new NodeId($"node-{Guid.NewGuid():N}");
        Assert.False(await Registry.RenewNodeAsync(node, lease ?? Lease, Token));
        return node;
    }

    private async Task<IReadOnlyList<SessionRecord>> OfAsync(UserId user) => Assert.Single(await Registry.GetAsync([user], Token));
}
