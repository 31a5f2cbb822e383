using System.Text;
using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

/// <summary>What every <see cref="IUserStateStore"/> does (rule 1).</summary>
public abstract class UserStateStoreConformance : StorageConformance
{
    private IUserStateStore Store => Plug<IUserStateStore>();

    /// <summary>A row is read as it was written, with its version; what was never written is null.</summary>
    [Fact]
    public async Task A_row_is_read_as_it_was_written()
    {
        var user = Make.User();
        var version = Assert.Single(await Store.PutAsync([Row(user, "mute/c1", "until tomorrow")], Token));
        Assert.True(version > 0, "Version 0 means all in ReadChangesAsync.");
        var rows = await Store.GetAsync(user, ["draft/c1", "mute/c1", "mute/c2"], Token);
        Assert.Equal(3, rows.Count);
        Assert.Null(rows[0]);
        Assert.Equal((user, "mute/c1", "until tomorrow", version), Describe(rows[1]!));
        Assert.Null(rows[2]);
        Assert.Empty(await Store.GetAsync(user, [], Token));
        Assert.Empty(await Store.PutAsync([], Token));
    }

    /// <summary>Rule 1: only the latest value counts; its version is higher than the one before.</summary>
    [Fact]
    public async Task Only_the_latest_value_counts()
    {
        var user = Make.User();
        var first = Assert.Single(await Store.PutAsync([Row(user, "k", "1")], Token));
        var second = Assert.Single(await Store.PutAsync([Row(user, "k", "2")], Token));
        Assert.True(second > first);
        Assert.Equal((user, "k", "2", second), Describe(Assert.Single(await Store.GetAsync(user, ["k"], Token))!));
        Assert.Equal([(user, "k", "2", second)], (await Store.ReadChangesAsync(user, 0, 9, Token)).Select(Describe));
        Assert.Empty(await Store.ReadChangesAsync(user, second, 9, Token));
    }

    /// <summary>Versions rise in the order of a batch, also for the same key twice.</summary>
    [Fact]
    public async Task Versions_rise_within_a_batch()
    {
        var (user, other) = (Make.User(), Make.User());
        var versions = await Store.PutAsync([Row(user, "a", "1"), Row(other, "a", "x"), Row(user, "b", "2"), Row(user, "a", "3")], Token);
        Assert.Equal(4, versions.Count);
        Assert.True(versions[0] < versions[2] && versions[2] < versions[3], string.Join(' ', versions));
        Assert.Equal([(user, "b", "2", versions[2]), (user, "a", "3", versions[3])], (await Store.ReadChangesAsync(user, 0, 9, Token)).Select(Describe));
        Assert.Equal([(other, "a", "x", versions[1])], (await Store.ReadChangesAsync(other, 0, 9, Token)).Select(Describe));
    }

    /// <summary>An emptied row stays, so that other devices learn of it.</summary>
    [Fact]
    public async Task An_emptied_row_stays()
    {
        var user = Make.User();
        await Store.PutAsync([Row(user, "draft", "hel")], Token);
        var version = Assert.Single(await Store.PutAsync([Row(user, "draft", "")], Token));
        Assert.Equal((user, "draft", "", version), Describe(Assert.Single(await Store.GetAsync(user, ["draft"], Token))!));
        Assert.Equal([(user, "draft", "", version)], (await Store.ReadChangesAsync(user, 0, 9, Token)).Select(Describe));
    }

    /// <summary>Changes are read in pages by version; a row changed meanwhile moves to the end.</summary>
    [Fact]
    public async Task Changes_are_read_in_pages()
    {
        var user = Make.User();
        await Store.PutAsync([.. Enumerable.Range(0, 20).Select(n => Row(user, $"k{n}", $"{n}"))], Token);
        List<UserStateRow> read = [];
        for (var page = await Store.ReadChangesAsync(user, 0, 6, Token); page.Count > 0;
            page = await Store.ReadChangesAsync(user, page[^1].Version, 6, Token))
        {
            Assert.True(page.Count <= 6);
            read.AddRange(page);
            if (read.Count == 6)
            {
                await Store.PutAsync([Row(user, "k10", "changed")], Token);
            }
        }

        Assert.Equal(20, read.Count);
        Assert.Equal(read.Select(row => row.Version).Order(), read.Select(row => row.Version));
        Assert.Equal(("k10", "changed"), (read[^1].Key, Encoding.UTF8.GetString(read[^1].Value.Span)));
        Assert.Equal(20, read.Select(row => row.Key).Distinct().Count());
    }

    /// <summary>Keys of 256 bytes and values of 64 KiB are kept, of any bytes.</summary>
    [Fact]
    public async Task Large_rows_are_kept()
    {
        var user = Make.User();
        var value = new byte[64 * 1024];
        new Random(1).NextBytes(value);
        var key = new string('k', 256);
        await Store.PutAsync([new UserStateRow(user, key, value), new UserStateRow(user, key[1..], new byte[] { 0, 255, 0 })], Token);
        var rows = await Store.GetAsync(user, [key, key[1..]], Token);
        Assert.True(rows[0]!.Value.Span.SequenceEqual(value), "The value came back changed.");
        Assert.Equal([0, 255, 0], rows[1]!.Value.ToArray());
    }

    /// <summary>A limit, key or value out of its range is refused, and with it the batch.</summary>
    [Fact]
    public async Task What_is_out_of_bounds_is_refused()
    {
        var user = Make.User();
        foreach (var limit in new[] { int.MinValue, 0, 10_001 })
        {
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Store.ReadChangesAsync(user, 0, limit, Token));
        }

        foreach (var row in new[] { Row(user, "", "1"), Row(user, new string('k', 257), "1"), Row(user, new string('\u00e9', 129), "1"), new UserStateRow(user, "k", new byte[(64 * 1024) + 1]) })
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.PutAsync([Row(user, "a", "1"), row], Token));
        }

        Assert.Empty(await Store.ReadChangesAsync(user, 0, 9, Token));
    }

    /// <summary>Rule 17: tenants and users share nothing; users and keys are compared ordinally.</summary>
    [Fact]
    public async Task Users_keys_and_tenants_are_told_apart()
    {
        List<UserStateRow> rows = [];
        foreach (var tenant in Texts.Tenants)
        {
            rows.AddRange(Texts.Alike.Select((text, n) => Row(new UserId(text, tenant), "k", $"{tenant} {n}")));
            rows.AddRange(Texts.Alike.Select((text, n) => Row(new UserId("someone", tenant), text, $"{tenant} key {n}")));
        }

        await Store.PutAsync(rows, Token);
        foreach (var row in rows)
        {
            var read = Assert.Single(await Store.GetAsync(row.User, [row.Key], Token));
            Assert.Equal(Encoding.UTF8.GetString(row.Value.Span), Encoding.UTF8.GetString(read!.Value.Span));
            Assert.Equal((row.User, row.Key), (read.User, read.Key));
        }

        foreach (var group in rows.GroupBy(row => row.User))
        {
            Assert.Equal(group.Count(), (await Store.ReadChangesAsync(group.Key, 0, 10_000, Token)).Count);
        }
    }

    /// <summary>Writes that race get versions of their own, and a reader that follows misses none.</summary>
    [Fact]
    public async Task A_reader_of_changes_misses_no_late_write()
    {
        var user = Make.User();
        using var written = new CancellationTokenSource();
        var reader = Task.Run(async () =>
        {
            Dictionary<string, string> seen = [];
            long after = 0;
            while (true)
            {
                var done = written.IsCancellationRequested;
                var page = await Store.ReadChangesAsync(user, after, 7, Token);
                foreach (var row in page)
                {
                    Assert.True(row.Version > after, "Versions fell.");
                    after = row.Version;
                    seen[row.Key] = Encoding.UTF8.GetString(row.Value.Span);
                }

                if (page.Count == 0 && done)
                {
                    return seen;
                }
            }
        });
        long[][] versions;
        try
        {
            versions = await Racing.RunAsync(6, async writer =>
            {
                List<long> own = [];
                for (var n = 0; n < 15; n++)
                {
                    own.AddRange(await Store.PutAsync([Row(user, $"k{writer}", $"{n}"), Row(user, $"k{writer}.{n}", "x")], Token));
                }

                return own.ToArray();
            });
        }
        finally
        {
            await written.CancelAsync();
        }

        Assert.All(versions, own => Assert.Equal(own.Order(), own));
        Assert.Equal(6 * 30, versions.SelectMany(own => own).Distinct().Count());
        var seen = await reader;
        Assert.Equal(6 + (6 * 15), seen.Count);
        Assert.All(Enumerable.Range(0, 6), writer => Assert.Equal("14", seen[$"k{writer}"]));
    }

    /// <summary>Promise: rows outlive a restart, and versions go on rising.</summary>
    [Fact]
    public async Task Rows_outlive_a_restart()
    {
        var user = Make.User("ann", "acme");
        var versions = await Store.PutAsync([Row(user, "a", "1"), Row(user, "b", "2")], Token);
        await ReopenAsync();
        Assert.Equal([(user, "a", "1", versions[0]), (user, "b", "2", versions[1])], (await Store.ReadChangesAsync(user, 0, 9, Token)).Select(Describe));
        Assert.True(Assert.Single(await Store.PutAsync([Row(user, "a", "3")], Token)) > versions[1]);
    }

    private static UserStateRow Row(UserId user, string key, string value) => new(user, key, Encoding.UTF8.GetBytes(value));

    private static (UserId User, string Key, string Value, long Version) Describe(UserStateRow row) =>
        (row.User, row.Key, Encoding.UTF8.GetString(row.Value.Span), row.Version);
}
