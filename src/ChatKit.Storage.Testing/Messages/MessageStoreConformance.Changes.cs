using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

public abstract partial class MessageStoreConformance
{
    /// <summary>Rule 13: an edit gives the message its new text; the log keeps both as written.</summary>
    [Fact]
    public async Task An_edit_changes_the_message_and_not_the_log()
    {
        var room = await OpenRoomAsync();
        await room.AppendAsync(room.Message("first"), room.Message("second"));
        var edit = room.Edit(2, "<b>edited</b>");
        Assert.Equal(4, await room.StoreAsync(edit with { Header = edit.Header with { ContentType = "text/html" } }));

        var messages = await room.ReadMessagesAsync();
        Assert.Equal([(2L, 4L, "<b>edited</b>", "text/html"), (3L, 3L, "second", "text/plain")], messages.Select(Describe));
        Assert.All(messages, message => Assert.Equal(EntryKind.Message, message.Header.Kind));
        Assert.All(messages, message => Assert.False(message.Erased));

        var entries = await room.ReadAsync(2);
        Assert.Equal(["first", "second", "<b>edited</b>"], entries.Select(Make.Text));
        Assert.Equal(["text/plain", "text/plain", "text/html"], entries.Select(entry => entry.Header.ContentType));

        static (long, long, string, string) Describe(LogEntry entry) =>
            (entry.Seq, entry.Version, entry.Text(), entry.Header.ContentType);
    }

    /// <summary>Rule 13: the edit with the highest Seq counts, and what is not of the text stays the message's own.</summary>
    [Fact]
    public async Task The_last_edit_counts()
    {
        var room = await OpenRoomAsync();
        var written = await room.AppendAsync(room.Message("0") with { Device = "phone" });
        await room.StoreAsync(room.Edit(2, "1"));
        await room.AppendAsync(room.Edit(2, "2"), room.Message("other"), room.Edit(2, "3"));
        var message = (await room.ReadMessagesAsync())[0];
        Assert.Equal((2L, 6L, "3"), (message.Seq, message.Version, message.Text()));
        Assert.Equal(("phone", written.AcceptedAt, 1L), (message.Device, message.AcceptedAt, message.MembershipVersion));
        Assert.True(message.Header.Counts);
        Assert.Null(message.Header.Target);
    }

    /// <summary>Rule 13: an edit to an empty text is an edit, no erasure.</summary>
    [Fact]
    public async Task An_edit_may_empty_a_message()
    {
        var room = await OpenRoomAsync();
        await room.AppendAsync(room.Message("text"), room.Edit(2, ""));
        var message = Assert.Single(await room.ReadMessagesAsync());
        Assert.True(message.Body.IsEmpty);
        Assert.False(message.Erased);
        Assert.Equal(3, await room.StoreAsync(room.Edit(2, "x")) - 1);
    }

    /// <summary>Rule 13: a deletion erases the body and the assets; the tombstone stays.</summary>
    [Fact]
    public async Task A_deletion_erases_the_message()
    {
        var room = await OpenRoomAsync();
        var message = room.Message("secret");
        await room.StoreAsync(message with { Header = message.Header with { Assets = [new AssetId("photo")] } });
        await room.StoreAsync(room.Message("other"));
        Assert.Equal(4, await room.StoreAsync(room.Deletion(2)));

        var tombstone = (await room.ReadMessagesAsync())[0];
        Assert.Equal((2L, 4L), (tombstone.Seq, tombstone.Version));
        foreach (var erased in new[] { tombstone, (await room.ReadAsync(2))[0] })
        {
            Assert.True(erased.Erased);
            Assert.True(erased.Body.IsEmpty, "The body of a deleted message is still there.");
            Assert.Empty(erased.Header.Assets);
            Assert.Equal(EntryKind.Message, erased.Header.Kind);
            Assert.Equal(room.Ann, erased.Sender);
            Assert.Equal(message.Command, erased.Command);
        }

        var other = (await room.ReadMessagesAsync())[1];
        Assert.Equal(("other", false), (other.Text(), other.Erased));
        Assert.False((await room.ReadAsync(4))[0].Erased);
    }

    /// <summary>Rule 13: a deletion erases every edit of the message, and no edit of another.</summary>
    [Fact]
    public async Task A_deletion_erases_the_edits()
    {
        var room = await OpenRoomAsync();
        await room.AppendAsync(room.Message("one"), room.Message("two"));
        var edit = room.Edit(2, "one again");
        await room.AppendAsync(edit with { Header = edit.Header with { Assets = [new AssetId("photo")] } }, room.Edit(3, "two again"));
        await room.StoreAsync(room.Edit(2, "one more"));
        Assert.Equal(7, await room.StoreAsync(room.Deletion(2)));

        var entries = await room.ReadAsync();
        Assert.Equal([2, 4, 6], entries.Where(entry => entry.Erased).Select(entry => entry.Seq));
        Assert.All(entries.Where(entry => entry.Erased), entry =>
        {
            Assert.True(entry.Body.IsEmpty, $"The body of entry {entry.Seq} is still there.");
            Assert.Empty(entry.Header.Assets);
        });
        Assert.Equal("two again", entries[4].Text());
        var messages = await room.ReadMessagesAsync();
        Assert.Equal([(true, ""), (false, "two again")], messages.Select(message => (message.Erased, message.Text())));
    }

    /// <summary>Rule 13: what was written and deleted in one batch was never there.</summary>
    [Fact]
    public async Task A_batch_may_write_edit_and_delete_a_message()
    {
        var room = await OpenRoomAsync();
        var results = await room.AppendAsync(room.Message("secret"), room.Edit(2, "secret too"), room.Deletion(2), room.Message("plain"));
        Assert.All(results, result => Assert.Equal(AppendOutcome.Appended, result.Outcome));
        Assert.Equal(["", "", "", "plain"], (await room.ReadAsync(2)).Select(Make.Text));
        Assert.Equal([(2L, 4L, true), (5L, 5L, false)], (await room.ReadMessagesAsync()).Select(message => (message.Seq, message.Version, message.Erased)));
    }

    /// <summary>Rule 13: what an edit says of assets is its own: the message keeps those it was written with.</summary>
    [Fact]
    public async Task An_edit_leaves_the_assets_of_the_message()
    {
        var room = await OpenRoomAsync();
        var (message, edit) = (room.Message("look"), room.Edit(2, "look here"));
        await room.AppendAsync(
            message with { Header = message.Header with { Assets = [new AssetId("photo"), new AssetId("video")] } },
            edit with { Header = edit.Header with { Assets = [new AssetId("other")] } },
            room.Edit(2, "look there"));
        Assert.Equal([new AssetId("photo"), new AssetId("video")], Assert.Single(await room.ReadMessagesAsync()).Header.Assets);
        var entries = await room.ReadAsync(2);
        Assert.Equal([2, 1, 0], entries.Select(entry => entry.Header.Assets.Count));
    }

    /// <summary>Rule 13: a message tells its present version in both views; every other entry has its own Seq.</summary>
    [Fact]
    public async Task A_message_has_one_version_in_both_views()
    {
        var room = await OpenRoomAsync();
        await room.AppendAsync(
            room.Message("edited"), room.Message("deleted"), room.Message("both"), room.Message("neither"),
            room.Edit(2, "1"), room.Edit(4, "1"), room.Deletion(3), room.Edit(2, "2"), room.Deletion(4));
        Assert.Equal([1, 9, 8, 10, 5, 6, 7, 8, 9, 10], (await room.ReadAsync()).Select(entry => entry.Version));
        Assert.Equal([9, 8, 10, 5], (await room.ReadMessagesAsync()).Select(message => message.Version));
        Assert.Equal(["edited", "", "", "neither"], (await room.ReadAsync(2, 5)).Select(Make.Text));
    }

    /// <summary>An edit, deletion, reaction or pin needs a message of this conversation that is not erased (rule 1).</summary>
    [Fact]
    public async Task Only_messages_can_be_changed()
    {
        var room = await OpenRoomAsync();
        var other = await OpenRoomAsync();
        await other.StoreMessagesAsync(20);
        await room.AppendAsync(
            room.Message("text"),
            room.Edit(2, "edited"),
            Make.Request(room.Id, room.Ann, 1, EntryKind.Reaction, [1], 2),
            room.Commit(0),
            room.Message("deleted"),
            room.Deletion(6));
        var before = await room.HeadAsync();
        long?[] targets = [null, long.MinValue, -1, 0, 1, 3, 4, 5, 6, 7, 8, 9, 15, long.MaxValue];
        foreach (var target in targets)
        {
            var (reaction, pin) = (Make.Request(room.Id, room.Ben, 1, EntryKind.Reaction, [1], target), Make.Request(room.Id, room.Ben, 1, EntryKind.Pin, [1], target));
            foreach (var request in new[] { room.Edit(target, "no"), room.Deletion(target), reaction, pin })
            {
                var result = await room.AppendAsync(request);
                Assert.True(result == new AppendResult(AppendOutcome.TargetGone, 0, default, 1, 1), $"Target {target} gave {result}.");
            }
        }

        Assert.Equal(before, await room.HeadAsync());
        Assert.Equal(8, await room.StoreAsync(room.Edit(2, "still there")));
    }

    /// <summary>Rule 13: whoever comes first, no edit outlives the deletion of its message.</summary>
    [Fact]
    public async Task No_edit_outlives_a_racing_deletion()
    {
        var room = await OpenRoomAsync();
        for (var round = 0; round < 10; round++)
        {
            var target = await room.StoreAsync(room.Message("secret"));
            var results = await Racing.RunAsync(6, n => room.AppendAsync(n == 3 ? room.Deletion(target) : room.Edit(target, "secret edit")));
            var deleted = results[3];
            Assert.Equal(AppendOutcome.Appended, deleted.Outcome);
            Assert.All(results, result => Assert.Equal(
                result.Seq is 0 ? AppendOutcome.TargetGone : AppendOutcome.Appended, result.Outcome));
            Assert.All(results, result => Assert.True(result.Seq <= deleted.Seq, "An edit was accepted after the deletion."));
            Assert.All(await room.ReadAsync(target), entry => Assert.True(entry.Body.IsEmpty, $"Entry {entry.Seq} kept its body."));
        }
    }
}
