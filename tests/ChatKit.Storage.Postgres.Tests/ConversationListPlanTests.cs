using System.Text.RegularExpressions;
using ChatKit.Tests.Shared;
using Npgsql;

namespace ChatKit.Storage.Postgres.Tests;

/// <summary>Rule 12: the list of conversations costs index probes of the user's own conversations, however many others there are.</summary>
public sealed partial class ConversationListPlanTests : StoreTests
{
    private const int Own = 30;
    private const int Others = 300;

    [Fact]
    public async Task The_list_is_read_by_index_ranges_only()
    {
        for (var i = 0; i < Own + Others; i++)
        {
            await CreateAsync(i < Own ? "ann" : "zoe", messages: 5);
        }

        await Server.ExecuteAsync($"analyze {Schema}.members; analyze {Schema}.groups; analyze {Schema}.conversations; analyze {Schema}.entries; analyze {Schema}.receipts");
        var plan = await PlanAsync("ann");

        Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
        foreach (var index in new[] { "members_of_user", "groups_pkey", "conversations_tenant_id_key", "entries_pkey", "receipts_pkey" })
        {
            Assert.Contains(index, plan, StringComparison.Ordinal);
        }

        // No table is read wider than the user's own: rows times loops of every scan.
        var scans = Scan().Matches(plan).Select(match => (Name: match.Groups["scan"].Value, Rows: double.Parse(match.Groups["rows"].Value, null) * double.Parse(match.Groups["loops"].Value, null))).ToList();
        Assert.True(scans.Count >= 6, plan);
        Assert.All(scans, scan => Assert.True(scan.Rows <= Own, $"{scan.Name} read {scan.Rows} rows:\n{plan}"));
    }

    private async Task CreateAsync(string member, int messages)
    {
        var chat = new Chat(Store.Messages, ConversationId.NewGroup());
        await chat.SendAsync(chat.Request(EntryKind.Membership, version: 0));
        var change = new MembershipChange { Action = MembershipAction.Created, Members = [new MemberChange(member)] };
        await Store.Get<IGroupDirectory>().ApplyAsync([new DirectoryChange(chat.Id, 1, 0, change)], Token);
        await Store.Messages.AppendAsync([.. Enumerable.Range(0, messages).Select(_ => chat.Request())], Token);
    }

    /// <summary>The plans of the statements inside the function, as the server ran them.</summary>
    private async Task<string> PlanAsync(string user)
    {
        await using var connection = await Server.OpenAsync();
        var plans = new List<string>();
        connection.Notice += (_, e) => plans.Add(e.Notice.MessageText);
        await using var command = new NpgsqlCommand($"""
            load 'auto_explain';
            set auto_explain.log_min_duration = 0;
            set auto_explain.log_nested_statements = on;
            set auto_explain.log_analyze = on;
            set client_min_messages = log;
            select count(*) from {Schema}.list_conversations('', '{user}', null, null, 20)
            """, connection);
        Assert.Equal(20L, await command.ExecuteScalarAsync(Token));
        return Assert.Single(plans, plan => plan.Contains("members_of_user", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"(?<scan>Index(?: Only)? Scan[^\n(]*|Bitmap Heap Scan[^\n(]*)\([^)]*\) \(actual time=\S+ rows=(?<rows>[\d.]+) loops=(?<loops>\d+)\)")]
    private static partial Regex Scan();
}
