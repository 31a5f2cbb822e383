using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

public abstract partial class MessageStoreConformance
{
    /// <summary>Rule 2: Seq counts 1, 2, 3 … in each conversation by itself.</summary>
    [Fact]
    public async Task Seq_is_dense_from_1_in_each_conversation()
    {
        var one = await OpenRoomAsync();
        var other = await OpenRoomAsync();
        for (var n = 2; n <= 6; n++)
        {
            Assert.Equal(n, await one.StoreAsync(one.Message("a")));
            Assert.Equal(n, await other.StoreAsync(other.Message("b")));
        }

        Assert.Equal(6, (await one.AssertDenseAsync()).Count);
        Assert.Equal(6, (await other.AssertDenseAsync()).Count);
    }

    /// <summary>Rule 4: a batch over several conversations has one result an item, in order.</summary>
    [Fact]
    public async Task A_batch_gives_one_result_an_item_in_order()
    {
        var one = await OpenRoomAsync();
        var other = await OpenRoomAsync();
        var results = await Store.AppendAsync([one.Message("1"), other.Message("1"), one.Message("2"), other.Message("2"), one.Message("3")], Token);
        Assert.Equal([2, 2, 3, 3, 4], results.Select(result => result.Seq));
        Assert.All(results, result => Assert.Equal(AppendOutcome.Appended, result.Outcome));
        Assert.Equal(["1", "2", "3"], (await one.ReadAsync(2)).Select(Make.Text));
        Assert.Equal(["1", "2"], (await other.ReadAsync(2)).Select(Make.Text));
    }

    /// <summary>Rule 4: nothing asked, nothing answered.</summary>
    [Fact]
    public async Task An_empty_batch_gives_no_results() => Assert.Empty(await Store.AppendAsync([], Token));

    /// <summary>Rules 2 and 4: a refused item takes no Seq and fails no neighbour.</summary>
    [Fact]
    public async Task Refused_items_take_no_seq_and_fail_no_neighbour()
    {
        var room = await OpenRoomAsync();
        var stored = room.Message("stored");
        await room.StoreAsync(stored);
        var results = await room.AppendAsync(
            room.Message("a"),
            room.Message("stale", version: 7),
            stored.WithText("another payload"),
            room.Message("b"),
            room.Edit(99, "no target"),
            room.Commit(epoch: 5),
            stored,
            room.Message("c"));
        Assert.Equal(
            [
                AppendOutcome.Appended, AppendOutcome.StaleMembership, AppendOutcome.Conflict, AppendOutcome.Appended,
                AppendOutcome.TargetGone, AppendOutcome.StaleEpoch, AppendOutcome.Duplicate, AppendOutcome.Appended,
            ],
            results.Select(result => result.Outcome));
        Assert.Equal([3, 0, 0, 4, 0, 0, 2, 5], results.Select(result => result.Seq));
        Assert.Equal(["stored", "a", "b", "c"], (await room.AssertDenseAsync()).Skip(1).Select(Make.Text));
        Assert.Equal(6, await room.StoreAsync(room.Message("d")));
    }

    /// <summary>Rule 4: a batch of which everything is refused leaves the log as it was.</summary>
    [Fact]
    public async Task A_batch_of_refusals_changes_nothing()
    {
        var room = await OpenRoomAsync();
        var before = await room.HeadAsync();
        await room.AppendAsync(room.Message("x", version: 3), room.Deletion(1), room.Commit(4));
        Assert.Equal(before, await room.HeadAsync());
        Assert.Equal(2, await room.StoreAsync(room.Message("y")));
    }

    /// <summary>Rule 4: each item is judged after those before it, also where they create, change or repeat.</summary>
    [Fact]
    public async Task Each_item_sees_those_before_it()
    {
        var (ann, ben) = (Make.User("ann"), Make.User("ben"));
        var id = Make.Conversation();
        var message = Make.Message(id, ann, "text");
        var results = await Store.AppendAsync(
            [
                message,
                Make.Creation(id, ann),
                message,
                message,
                message.WithText("another"),
                Make.Edit(id, ann, 2, "edited"),
                Make.Deletion(id, ann, 2),
                Make.Edit(id, ann, 2, "too late"),
                Make.Membership(id, ann, 1, MembershipAction.Added, ben),
                Make.Message(id, ben, "under the old version"),
                Make.Message(id, ben, "under the new version", version: 5),
            ],
            Token);
        Assert.Equal(
            [
                AppendOutcome.StaleMembership, AppendOutcome.Appended, AppendOutcome.Appended, AppendOutcome.Duplicate,
                AppendOutcome.Conflict, AppendOutcome.Appended, AppendOutcome.Appended, AppendOutcome.TargetGone,
                AppendOutcome.Appended, AppendOutcome.StaleMembership, AppendOutcome.Appended,
            ],
            results.Select(result => result.Outcome));
        Assert.Equal([0, 1, 2, 2, 0, 3, 4, 0, 5, 0, 6], results.Select(result => result.Seq));
    }

    /// <summary>Rule 3: header and body come back as they were given.</summary>
    [Fact]
    public async Task An_entry_is_read_as_it_was_written()
    {
        var room = await OpenRoomAsync();
        var request = room.Message("hello") with
        {
            Device = "phone-1",
            Header = new EntryHeader
            {
                Kind = EntryKind.Message,
                Counts = true,
                Assets = [new AssetId("photo", room.Id.Tenant), new AssetId("video", room.Id.Tenant)],
                ContentType = "application/vnd.example+json; charset=utf-8",
            },
            ExpiresAt = new DateTimeOffset(2031, 2, 3, 4, 5, 6, 789, TimeSpan.Zero),
        };
        var result = await room.AppendAsync(request);
        var entry = Assert.Single(await room.ReadAsync(2));
        Assert.Equal(room.Id, entry.Conversation);
        Assert.Equal(2, entry.Seq);
        Assert.Equal(room.Ann, entry.Sender);
        Assert.Equal("phone-1", entry.Device);
        Assert.Equal(request.Command, entry.Command);
        Assert.Equal(EntryKind.Message, entry.Header.Kind);
        Assert.Null(entry.Header.Target);
        Assert.True(entry.Header.Counts);
        Assert.Equal(request.Header.Assets, entry.Header.Assets);
        Assert.Equal(request.Header.ContentType, entry.Header.ContentType);
        Assert.Equal("hello", entry.Text());
        Assert.Equal(1, entry.MembershipVersion);
        Assert.Equal(2, entry.Version);
        Assert.False(entry.Erased);
        Assert.Equal(request.ExpiresAt, entry.ExpiresAt);
        Assert.Equal(result.AcceptedAt, entry.AcceptedAt);
        Assert.Equal(1, result.MembershipVersion);
        Assert.Equal(0, result.Epoch);
    }

    /// <summary>Rule 1: every kind of entry is kept with its target (of membership entries see the tests of rule 7).</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="target">The target.</param>
    [Theory]
    [InlineData(EntryKind.Message, null)]
    [InlineData(EntryKind.Edit, 2L)]
    [InlineData(EntryKind.Deletion, 2L)]
    [InlineData(EntryKind.Reaction, 2L)]
    [InlineData(EntryKind.Pin, 2L)]
    [InlineData(EntryKind.Details, null)]
    [InlineData(EntryKind.Commit, null)]
    public async Task Every_kind_of_entry_is_kept(EntryKind kind, long? target)
    {
        var room = await OpenRoomAsync();
        await room.StoreAsync(room.Message("target"));
        var request = Make.Request(room.Id, room.Ben, 1, kind, [7, 0, 255], target);
        var seq = await room.StoreAsync(kind == EntryKind.Commit ? request with { ExpectedEpoch = 0 } : request);
        var entry = Assert.Single(await room.ReadAsync(seq));
        Assert.Equal(kind, entry.Header.Kind);
        Assert.Equal(target, entry.Header.Target);
        Assert.False(entry.Header.Counts);
        Assert.Empty(entry.Header.Assets);
        Assert.Null(entry.Device);
        Assert.Null(entry.ExpiresAt);
        Assert.Equal(room.Ben, entry.Sender);
        Assert.Equal([7, 0, 255], entry.Body.ToArray());
    }

    /// <summary>The caller may reuse its buffer when the append has returned.</summary>
    [Fact]
    public async Task The_store_keeps_its_own_copy_of_a_body()
    {
        var room = await OpenRoomAsync();
        var buffer = "before"u8.ToArray();
        await room.StoreAsync(room.Message("") with { Body = buffer });
        buffer.AsSpan().Fill((byte)'x');
        Assert.Equal("before", Assert.Single(await room.ReadAsync(2)).Text());
    }

    /// <summary>Rule 16: AcceptedAt is the store's clock, to the millisecond at least, and the result says what was stored.</summary>
    [Fact]
    public async Task AcceptedAt_is_the_stores_clock()
    {
        NeedsVirtualClock();
        var room = await OpenRoomAsync();
        for (var n = 0; n < 3; n++)
        {
            Clock.Move(TimeSpan.FromMilliseconds(1_234));
            var result = await room.AppendAsync(room.Message("tick"));
            Assert.Equal(Clock.GetUtcNow(), result.AcceptedAt, TimeSpan.FromMilliseconds(1));
            Assert.Equal(result.AcceptedAt, Assert.Single(await room.ReadAsync(result.Seq)).AcceptedAt);
        }
    }

    /// <summary>Rule 16: AcceptedAt = max(store's clock, previous entry's).</summary>
    [Fact]
    public async Task AcceptedAt_never_goes_back_when_the_clock_does()
    {
        NeedsVirtualClock();
        var room = await OpenRoomAsync();
        var before = await room.AppendAsync(room.Message("before"));
        Clock.Move(TimeSpan.FromHours(-1));
        var results = await room.AppendAsync(room.Message("after"), room.Message("and again"));
        Assert.All(results, result => Assert.Equal(before.AcceptedAt, result.AcceptedAt));
        Assert.All(await room.ReadAsync(2), entry => Assert.Equal(before.AcceptedAt, entry.AcceptedAt));
        Clock.Move(TimeSpan.FromHours(2));
        var later = await room.AppendAsync(room.Message("later"));
        Assert.True(later.AcceptedAt > before.AcceptedAt, $"{later.AcceptedAt:O} is not after {before.AcceptedAt:O}.");
    }

    /// <summary>A batch may have 1,000 items.</summary>
    [Fact]
    public async Task A_batch_of_1000_items_is_stored()
    {
        var room = await OpenRoomAsync();
        Assert.Equal(1_001, await room.StoreMessagesAsync(1_000));
        var all = await room.AssertDenseAsync();
        Assert.Equal(Enumerable.Range(1, 1_000).Select(n => $"m{n}"), all.Skip(1).Select(Make.Text));
    }

    /// <summary>A batch of more items, or with a sender of another tenant, is refused as a whole.</summary>
    [Fact]
    public async Task A_batch_out_of_bounds_is_refused()
    {
        var room = await OpenRoomAsync();
        var stranger = room.Message("x") with { Sender = new UserId("ann", "another tenant") };
        AppendRequest[][] batches = [[.. Enumerable.Range(0, 1_001).Select(n => room.Message($"{n}"))], [room.Message("y"), stranger]];
        foreach (var batch in batches)
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.AppendAsync(batch, Token));
        }

        Assert.Equal(1, (await room.HeadAsync()).LastSeq);
    }

    /// <summary>Bodies of 64 KiB come back whole, also many in one batch, and an empty one stays empty.</summary>
    [Fact]
    public async Task Large_and_empty_bodies_are_kept()
    {
        var room = await OpenRoomAsync();
        byte[][] bodies = [.. Enumerable.Range(0, 20).Select(n => Pattern(64 * 1024, n)), [], [0]];
        await room.AppendAsync([.. bodies.Select(body => room.Message("") with { Body = body })]);
        var entries = await room.ReadAsync(2);
        Assert.Equal(bodies.Length, entries.Count);
        for (var n = 0; n < bodies.Length; n++)
        {
            Assert.True(entries[n].Body.Span.SequenceEqual(bodies[n]), $"Body {n} came back changed.");
            Assert.False(entries[n].Erased);
        }

        static byte[] Pattern(int length, int seed)
        {
            var bytes = new byte[length];
            for (var i = 0; i < length; i++)
            {
                bytes[i] = (byte)((i * 31) + (i >> 8) + seed);
            }

            return bytes;
        }
    }
}
