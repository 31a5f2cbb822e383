using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

public abstract partial class MessageStoreConformance
{
    /// <summary>Rule 17: the same ids in two tenants are two conversations: their logs, keys, heads and counts have nothing in common.</summary>
    [ConformanceFact]
    public async Task Tenants_share_nothing()
    {
        var name = Make.Conversation().Value;
        string[] tenants = ["", "acme", "Acme", "acme "];
        var commands = new AppendRequest[tenants.Length];
        for (var n = 0; n < tenants.Length; n++)
        {
            var id = new ConversationId(name, tenants[n]);
            var user = new UserId("ann", tenants[n]);
            commands[n] = Make.Message(id, user, $"of {n}") with { Command = new CommandId("same") };
            var batch = new[] { Make.Creation(id, user) with { Command = new CommandId("create") }, commands[n] };
            var results = await Store.AppendAsync([.. batch, .. Enumerable.Range(0, n).Select(_ => Make.Message(id, user, "more"))], Token);
            Assert.All(results, result => Assert.Equal(AppendOutcome.Appended, result.Outcome));
        }

        var all = await ReadWholeFeedAsync(100);
        for (var n = 0; n < tenants.Length; n++)
        {
            var id = new ConversationId(name, tenants[n]);
            var head = Assert.Single(await Store.GetHeadsAsync([id], Token));
            Assert.Equal((2L + n, id), (head!.LastSeq, head.Conversation));
            Assert.Equal(1 + n, Assert.Single(await Store.CountAsync([new LogSpan(id, 0, 99)], Token)));
            var entry = Assert.Single(Assert.Single(await Store.ReadAsync([new LogRange(id, 2, 2, 9)], Token)));
            Assert.Equal(($"of {n}", id, new UserId("ann", tenants[n])), (entry.Text(), entry.Conversation, entry.Sender));
            Assert.Equal(AppendOutcome.Duplicate, Assert.Single(await Store.AppendAsync([commands[n]], Token)).Outcome);
            Assert.Equal((1L, 2L + n), (Assert.Single(all, item => item.Conversation == id).From, Assert.Single(all, item => item.Conversation == id).To));
        }

        Assert.Null(Assert.Single(await Store.GetHeadsAsync([new ConversationId(name, "nobody")], Token)));
    }

    /// <summary>Rule 17: tenant and id are two parts: gluing them together must not make one of two.</summary>
    [ConformanceFact]
    public async Task Tenant_and_id_are_not_glued_together()
    {
        (string Tenant, string Value)[] parts =
            [("", "a/b"), ("a", "b"), ("", "ab"), ("a/", "b"), ("a", "/b"), ("ab", "c"), ("a", "bc"), ("a:b", "c"), ("a", "b:c"), ("a|b", "c"), ("a", "b|c")];
        foreach (var (tenant, value) in parts)
        {
            await Room.OpenAsync(Store, tenant, new ConversationId(value, tenant));
        }

        foreach (var (tenant, value) in parts)
        {
            var head = Assert.Single(await Store.GetHeadsAsync([new ConversationId(value, tenant)], Token));
            Assert.Equal(1, head!.LastSeq);
        }
    }

    /// <summary>Conversation ids are compared ordinally: no case, no normalisation, no trimming, no collation.</summary>
    [ConformanceFact]
    public async Task Conversation_ids_are_compared_ordinally()
    {
        var rooms = new List<Room>();
        foreach (var text in Texts.Alike)
        {
            rooms.Add(await Room.OpenAsync(Store, id: new ConversationId(text)));
        }

        for (var n = 0; n < rooms.Count; n++)
        {
            Assert.Equal(2, await rooms[n].StoreAsync(rooms[n].Message($"{n}")));
        }

        for (var n = 0; n < rooms.Count; n++)
        {
            var entry = (await rooms[n].AssertDenseAsync())[1];
            Assert.Equal($"{n}", entry.Text());
            Assert.Equal(Texts.Alike[n], entry.Conversation.Value);
        }
    }

    /// <summary>Rule 5: senders and command ids are compared ordinally too, and come back as given.</summary>
    [ConformanceFact]
    public async Task Senders_and_commands_are_compared_ordinally()
    {
        var room = await OpenRoomAsync();
        AppendRequest[] byCommand = [.. Texts.Alike.Select(text => room.Message("c") with { Command = new CommandId(text), Device = text })];
        AppendRequest[] bySender = [.. Texts.Alike.Select(text => room.Message("s") with { Sender = new UserId(text), Command = new CommandId("same") })];
        var results = await room.AppendAsync([.. byCommand, .. bySender]);
        Assert.All(results, result => Assert.Equal(AppendOutcome.Appended, result.Outcome));
        var entries = await room.ReadAsync(2);
        Assert.Equal(byCommand.Concat(bySender).Select(request => request.Command), entries.Select(entry => entry.Command));
        Assert.Equal(byCommand.Concat(bySender).Select(request => request.Sender), entries.Select(entry => entry.Sender));
        Assert.Equal(byCommand.Concat(bySender).Select(request => request.Device), entries.Select(entry => entry.Device));
        var again = await room.AppendAsync([.. byCommand, .. bySender]);
        Assert.Equal(results.Select(result => result with { Outcome = AppendOutcome.Duplicate }), again);
    }

    /// <summary>A sender may have the same text as a command of another: the parts of a key are not glued together.</summary>
    [ConformanceFact]
    public async Task Sender_and_command_are_not_glued_together()
    {
        var room = await OpenRoomAsync();
        (string Sender, string Command)[] parts = [("a", "bc"), ("ab", "c"), ("a/b", "c"), ("a", "b/c"), ("a:b", "c"), ("a", "b:c"), ("a|", "b"), ("a", "|b")];
        var results = await room.AppendAsync(
            [.. parts.Select(part => room.Message("x") with { Sender = new UserId(part.Sender), Command = new CommandId(part.Command) })]);
        Assert.All(results, result => Assert.Equal(AppendOutcome.Appended, result.Outcome));
    }

    /// <summary>Bodies are bytes: text in any form and what is no text at all come back unchanged.</summary>
    [ConformanceFact]
    public async Task Bodies_are_opaque_bytes()
    {
        var room = await OpenRoomAsync();
        byte[][] bodies =
        [
            [.. Enumerable.Range(0, 256).Select(n => (byte)n)],
            [0, 0, 0],
            [0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80],
            [.. System.Text.Encoding.UTF8.GetBytes("e\u0301 \u00e9 \U0001f600 \r\n\t\0 ")],
        ];
        await room.AppendAsync([.. bodies.Select(body => room.Message("") with { Body = body })]);
        Assert.Equal(bodies, (await room.ReadAsync(2)).Select(entry => entry.Body.ToArray()));
    }
}
