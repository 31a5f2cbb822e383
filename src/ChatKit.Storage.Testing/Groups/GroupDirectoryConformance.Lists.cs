using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

public abstract partial class GroupDirectoryConformance
{
    /// <summary>A user's conversations, former ones too, are listed in pages in the order of their ids: that of their UTF-8 bytes.</summary>
    [Fact]
    public async Task Conversations_are_listed_in_pages()
    {
        var (ann, ben) = (new UserId("ann", "acme"), new UserId("ben", "acme"));
        string[] expected = [.. Texts.InOrder.TakeWhile(value => value != "b"), .. Enumerable.Range(10, 20).Select(n => $"g_{n}"), "g_7", "h"];
        foreach (var value in expected.Reverse())
        {
            await AppliedAsync(Created(new ConversationId(value, "acme"), "ann"));
        }

        await AppliedAsync(Change(new ConversationId("g_7", "acme"), 2, 1, MembershipAction.Added, "ben"));
        await AppliedAsync(Change(new ConversationId("g_7", "acme"), 3, 2, MembershipAction.Left, "ann"));
        foreach (var limit in new[] { 1, 7, expected.Length, 10_000 })
        {
            Assert.Equal(expected, (await ListAllAsync(ann, limit)).Select(membership => membership.Conversation.Value));
        }

        var left = Assert.Single(await ListAllAsync(ann, 100), membership => !membership.IsMember);
        Assert.Equal(("g_7", new MembershipInterval(1, 3)), (left.Conversation.Value, left.Intervals[0]));
        Assert.Equal(["g_7"], (await ListAllAsync(ben, 5)).Select(membership => membership.Conversation.Value));
        Assert.Empty(await Directory.ListAsync(new UserId("cyd", "acme"), null, 5, Token));
    }

    /// <summary>One may read on after an id that is not in the list.</summary>
    [Fact]
    public async Task A_page_may_begin_after_any_id()
    {
        var ann = new UserId("ann");
        foreach (var value in new[] { "b", "d", "f" })
        {
            await AppliedAsync(Created(new ConversationId(value), "ann"));
        }

        Assert.Equal("b d f", await AfterAsync("a"));
        Assert.Equal("d f", await AfterAsync("c"));
        Assert.Equal("f", await AfterAsync("d"));
        Assert.Equal("", await AfterAsync("f"));
        Assert.Equal("", await AfterAsync("g"));

        async Task<string> AfterAsync(string value) => string.Join(
            ' ', (await Directory.ListAsync(ann, new ConversationId(value), 10, Token)).Select(membership => membership.Conversation.Value));
    }

    /// <summary>A limit out of its range is refused.</summary>
    /// <param name="limit">The limit.</param>
    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(0)]
    [InlineData(10_001)]
    public async Task Limits_out_of_range_are_refused(int limit) => await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
        async () => await Directory.ListAsync(new UserId("ann"), null, limit, Token));

    /// <summary>A list tells the history and every interval, as a single read does.</summary>
    [Fact]
    public async Task A_list_tells_all_of_a_membership()
    {
        var id = Make.Conversation();
        var ben = new UserId("ben");
        var created = Created(id, "ann", "ben");
        await AppliedAsync(created with { Change = created.Change with { History = GroupHistory.All } });
        await AppliedAsync(Change(id, 3, 1, MembershipAction.Removed, "ben"), Change(id, 8, 3, MembershipAction.Added, "ben"));
        foreach (var membership in new[]
        {
            Assert.Single(await Directory.ListAsync(ben, null, 5, Token)),
            Assert.Single(await Directory.GetForUserAsync(ben, [id], Token))!,
        })
        {
            Assert.Equal((id, GroupHistory.All, true), (membership.Conversation, membership.History, membership.IsMember));
            Assert.Equal([new MembershipInterval(1, 3), new MembershipInterval(8, null)], membership.Intervals);
        }
    }

    /// <summary>A group may have a thousand members.</summary>
    [Fact]
    public async Task A_group_may_have_a_thousand_members()
    {
        var id = Make.Conversation();
        string[] users = [.. Enumerable.Range(0, 1_000).Select(n => $"u{n}")];
        await AppliedAsync(Created(id, users));
        var membership = Assert.Single(await Directory.GetAsync([id], Token));
        Assert.Equal(users.Order(StringComparer.Ordinal), membership!.Members.Select(member => member.User.Value));
        Assert.Equal([id], (await Directory.ListAsync(new UserId("u999"), null, 5, Token)).Select(listed => listed.Conversation));
    }

    /// <summary>Rule 17: tenants share nothing; conversations and users are compared ordinally.</summary>
    [Fact]
    public async Task Ids_and_tenants_are_told_apart()
    {
        var tenants = Texts.Tenants;
        foreach (var tenant in tenants)
        {
            await AppliedAsync(Created(new ConversationId("everybody", tenant), [.. Texts.Alike]));
            await AppliedAsync([.. Texts.Alike.Select(text => Created(new ConversationId(text, tenant + "x"), text))]);
        }

        foreach (var tenant in tenants)
        {
            var everybody = Assert.Single(await Directory.GetAsync([new ConversationId("everybody", tenant)], Token));
            Assert.Equal(Texts.Alike.ToHashSet(), everybody!.Members.Select(member => member.User.Value).ToHashSet());
            Assert.All(everybody.Members, member => Assert.Equal(tenant, member.User.Tenant));
            foreach (var text in Texts.Alike)
            {
                Assert.Equal([new ConversationId("everybody", tenant)], (await ListAllAsync(new UserId(text, tenant), 9)).Select(listed => listed.Conversation));
            }

            foreach (var text in Texts.Alike)
            {
                Assert.Equal([new ConversationId(text, tenant + "x")], (await ListAllAsync(new UserId(text, tenant + "x"), 9)).Select(listed => listed.Conversation));
            }

            Assert.Null(Assert.Single(await Directory.GetForUserAsync(new UserId("a", tenant + "x"), [new ConversationId("everybody", tenant)], Token)));
        }
    }

    /// <summary>Rule 7: a change that many bring at once is applied once.</summary>
    [Fact]
    public async Task Racing_changes_are_applied_once()
    {
        var id = Make.Conversation();
        long version = 0;
        for (var round = 0; round < 10; round++)
        {
            var change = round == 0 ? Created(id, "ann") : Change(id, version + 2, version, MembershipAction.Added, $"u{round}");
            var outcomes = await Racing.RunAsync(8, async _ => Assert.Single(await Directory.ApplyAsync([change], Token)));
            Assert.Single(outcomes, outcome => outcome == DirectoryOutcome.Applied);
            Assert.Equal(7, outcomes.Count(outcome => outcome == DirectoryOutcome.AlreadyApplied));
            version = change.Seq;
        }

        Assert.Equal(10, Assert.Single(await Directory.GetAsync([id], Token))!.Members.Count);
        Assert.Single(await Directory.ListAsync(new UserId("ann"), null, 9, Token));
    }

    private async Task<List<UserMembership>> ListAllAsync(UserId user, int limit)
    {
        List<UserMembership> all = [];
        for (var page = await Directory.ListAsync(user, null, limit, Token); page.Count > 0;
            page = await Directory.ListAsync(user, page[^1].Conversation, limit, Token))
        {
            Assert.True(page.Count <= limit);
            all.AddRange(page);
        }

        return all;
    }
}
