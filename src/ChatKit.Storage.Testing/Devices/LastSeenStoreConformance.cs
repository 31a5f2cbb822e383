using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

/// <summary>What every <see cref="ILastSeenStore"/> does (rule 16).</summary>
public abstract class LastSeenStoreConformance : StorageConformance
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, 125, TimeSpan.Zero);

    private ILastSeenStore Store => Plug<ILastSeenStore>();

    /// <summary>Users are answered one by one, in order; null for never.</summary>
    [ConformanceFact]
    public async Task Users_are_answered_in_order()
    {
        var (ann, ben, cyd) = (Make.User("ann"), Make.User("ben"), Make.User("cyd"));
        await Store.TouchAsync([new LastSeenRow(ann, Noon), new LastSeenRow(ben, Noon.AddMilliseconds(1))], Token);
        Assert.Equal([Noon.AddMilliseconds(1), null, Noon, Noon], await Store.GetAsync([ben, cyd, ann, ann], Token));
        Assert.Empty(await Store.GetAsync([], Token));
        await Store.TouchAsync([], Token);
    }

    /// <summary>Rule 16: an older time is ignored, in a batch too.</summary>
    [ConformanceFact]
    public async Task An_older_time_is_ignored()
    {
        var user = Make.User();
        await Store.TouchAsync([new LastSeenRow(user, Noon.AddHours(2)), new LastSeenRow(user, Noon)], Token);
        Assert.Equal([Noon.AddHours(2)], await Store.GetAsync([user], Token));
        await Store.TouchAsync([new LastSeenRow(user, Noon.AddHours(1))], Token);
        Assert.Equal([Noon.AddHours(2)], await Store.GetAsync([user], Token));
        await Store.TouchAsync([new LastSeenRow(user, Noon.AddHours(3))], Token);
        Assert.Equal([Noon.AddHours(3)], await Store.GetAsync([user], Token));
    }

    /// <summary>The moment counts, not the offset it is written in; milliseconds are kept.</summary>
    [ConformanceFact]
    public async Task A_time_is_a_moment()
    {
        var user = Make.User();
        await Store.TouchAsync([new LastSeenRow(user, Noon.ToOffset(TimeSpan.FromHours(9)))], Token);
        Assert.Equal(Noon.UtcDateTime, Assert.Single(await Store.GetAsync([user], Token))!.Value.UtcDateTime);
    }

    /// <summary>Rule 17: tenants share nothing; users are compared ordinally.</summary>
    [ConformanceFact]
    public async Task Ids_and_tenants_are_told_apart()
    {
        LastSeenRow[] rows = [.. Texts.Tenants.SelectMany((tenant, t) =>
            Texts.Alike.Select((text, n) => new LastSeenRow(new UserId(text, tenant), Noon.AddSeconds((t * 1_000) + n))))];
        await Store.TouchAsync(rows, Token);
        Assert.Equal(rows.Select(row => (DateTimeOffset?)row.At), await Store.GetAsync([.. rows.Select(row => row.User)], Token));
        Assert.Equal([null], await Store.GetAsync([new UserId("a", "nobody")], Token));
    }

    /// <summary>Touches that race leave the latest time.</summary>
    [ConformanceFact]
    public async Task Racing_touches_leave_the_latest()
    {
        var (user, other) = (Make.User(), Make.User());
        await Racing.RunAsync(8, async n =>
        {
            for (var k = 0; k < 10; k++)
            {
                LastSeenRow[] rows = [new(user, Noon.AddSeconds((k * 10) + n)), new(other, Noon.AddSeconds(k))];
                await Store.TouchAsync(n % 2 == 0 ? rows : [.. rows.Reverse()], Token);
            }

            return n;
        });
        Assert.Equal([Noon.AddSeconds(97), Noon.AddSeconds(9)], await Store.GetAsync([user, other], Token));
    }

    /// <summary>Last seen outlives a restart.</summary>
    [ConformanceFact]
    public async Task Last_seen_outlives_a_restart()
    {
        var user = Make.User("ann", "acme");
        await Store.TouchAsync([new LastSeenRow(user, Noon)], Token);
        await ReopenAsync();
        Assert.Equal([Noon], await Store.GetAsync([user], Token));
    }
}
