using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.Wire;

namespace ChatKit.AspNetCore.Tests;

/// <summary>An outsider (nobody signed in) and a non-member (signed in, not in the group) at every endpoint and every command. The lists are the product's
/// own: an endpoint or a command without a case here fails.</summary>
public sealed class AccessTests
{
    private const string NotBound = "";

    /// <summary>For each endpoint: path and body as the non-member sends them, and the code he gets; <see cref="NotBound"/> where the endpoint
    /// names no conversation of others: then the answer must be a success that shows nothing of the group.</summary>
    private static readonly Dictionary<string, (string Path, object? Body, string Code)> EndpointCases = new(StringComparer.Ordinal)
    {
        ["POST conversations/{conversation}/messages"] = ("conversations/GROUP/messages", new { text = "let me in" }, "not_member"),
        ["POST direct/{user}/messages"] = ("direct/bob/messages", new { text = "my own words" }, NotBound),
        ["GET conversations/{conversation}/messages"] = ("conversations/GROUP/messages", null, "not_member"),
        ["GET direct/{user}/messages"] = ("direct/alice/messages", null, "not_member"),
        ["PUT conversations/{conversation}/messages/{seq}"] = ("conversations/GROUP/messages/2", new { text = "changed" }, "not_member"),
        ["DELETE conversations/{conversation}/messages/{seq}"] = ("conversations/GROUP/messages/2", null, "not_member"),
        ["GET conversations"] = ("conversations", null, NotBound),
        ["GET conversations/{conversation}"] = ("conversations/GROUP", null, "not_member"),
        ["POST conversations/{conversation}/typing"] = ("conversations/GROUP/typing", new { typing = true }, "not_member"),
        ["POST groups"] = ("groups", new { title = "mine", users = new[] { "bob" } }, NotBound),
        ["POST conversations/{conversation}/members"] = ("conversations/GROUP/members", new { users = new[] { "mallory" } }, "not_member"),
        ["DELETE conversations/{conversation}/members/{user}"] = ("conversations/GROUP/members/bob", null, "not_member"),
        ["POST conversations/{conversation}/leave"] = ("conversations/GROUP/leave", new { }, "not_member"),
        ["POST conversations/{conversation}/read"] = ("conversations/GROUP/read", new { seq = 2 }, "not_member"),
        ["GET conversations/{conversation}/receipts"] = ("conversations/GROUP/receipts", null, "not_member"),
        ["GET conversations/{conversation}/messages/{seq}/receipts"] = ("conversations/GROUP/messages/2/receipts", null, "not_member"),
        ["GET presence"] = ("presence?user=alice", null, NotBound),
        ["GET sync"] = ("sync?device=d&wait=0", null, NotBound),
        ["GET antiforgery"] = ("antiforgery", null, NotBound),
        ["POST renewal"] = ("renewal", null, NotBound),
        ["GET openapi.json"] = ("openapi.json", null, NotBound),
    };

    /// <summary>The same for commands; null: the command is not answered, and must have had no effect on the group.</summary>
    private static readonly Dictionary<string, (CommandFrame Command, string? Code)> CommandCases = new(StringComparer.Ordinal)
    {
        [CommandTags.Send] = (new CommandFrame { Conversation = "GROUP", Text = "let me in" }, "not_member"),
        [CommandTags.Edit] = (new CommandFrame { Conversation = "GROUP", Seq = 2, Text = "changed" }, "not_member"),
        [CommandTags.Delete] = (new CommandFrame { Conversation = "GROUP", Seq = 2 }, "not_member"),
        [CommandTags.Withdraw] = (new CommandFrame { Conversation = "GROUP" }, null),
        [CommandTags.Ack] = (new CommandFrame { Cursors = [new WireCursor("GROUP", 2)] }, null),
        [CommandTags.Read] = (new CommandFrame { Conversation = "GROUP", Seq = 2 }, "not_member"),
        [CommandTags.Typing] = (new CommandFrame { Conversation = "GROUP", Typing = true }, "not_member"),
        [CommandTags.Activity] = (new CommandFrame(), null),
        [CommandTags.Watch] = (new CommandFrame { Users = ["alice"] }, NotBound),
        [CommandTags.Messages] = (new CommandFrame { Conversation = "GROUP" }, "not_member"),
        [CommandTags.Conversations] = (new CommandFrame(), NotBound),
        [CommandTags.Conversation] = (new CommandFrame { Conversation = "GROUP" }, "not_member"),
        [CommandTags.CreateGroup] = (new CommandFrame { Title = "mine", Users = ["bob"] }, NotBound),
        [CommandTags.AddMembers] = (new CommandFrame { Conversation = "GROUP", Users = ["mallory"] }, "not_member"),
        [CommandTags.RemoveMembers] = (new CommandFrame { Conversation = "GROUP", Users = ["bob"] }, "not_member"),
        [CommandTags.Leave] = (new CommandFrame { Conversation = "GROUP" }, "not_member"),
        [CommandTags.Receipts] = (new CommandFrame { Conversation = "GROUP" }, "not_member"),
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_endpoint_and_every_command_has_a_case()
    {
        await using var host = await ChatHost.StartAsync();
        Assert.Equal([.. EndpointCases.Keys.Append("hub").Append("hub/negotiate").Order(StringComparer.Ordinal)], Endpoints.Of(host));
        Assert.Equal(CommandTags.All.Order(StringComparer.Ordinal), CommandCases.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_outsider_is_refused_401_at_every_endpoint()
    {
        await using var host = await ChatHost.StartAsync();
        using var nobody = host.Http(null);
        foreach (var endpoint in Endpoints.Of(host).Where(endpoint => !endpoint.StartsWith("hub", StringComparison.Ordinal)))
        {
            var (path, body, _) = EndpointCases[endpoint];
            using var answer = await SendAsync(nobody, endpoint, path.Replace("GROUP", "g_1", StringComparison.Ordinal), body);
            await Problem.ExpectAsync(answer, HttpStatusCode.Unauthorized, "unauthenticated");
        }
    }

    [Theory]
    [InlineData("POST", "hub/negotiate?negotiateVersion=1")]
    [InlineData("GET", "hub")]
    [InlineData("GET", "hub?id=any")]
    [InlineData("POST", "hub?id=any")]
    [InlineData("DELETE", "hub?id=any")]
    public async Task An_outsider_is_refused_401_at_the_hub_so_at_every_command(string method, string path)
    {
        await using var host = await ChatHost.StartAsync();
        using var nobody = host.Http(null);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await nobody.SendAsync(request, Stop);
        await Problem.ExpectAsync(answer, HttpStatusCode.Unauthorized, "unauthenticated");
        await using var socket = new RawSocket();
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(host.Url("hub")));
        Assert.Contains("401", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_non_member_gets_not_member_at_every_endpoint_or_sees_nothing_of_the_group()
    {
        await using var host = await ChatHost.StartAsync();
        var group = await GroupAsync(host);
        using var mallory = host.Http("mallory");
        foreach (var (endpoint, (path, body, code)) in EndpointCases)
        {
            using var answer = await SendAsync(mallory, endpoint, path.Replace("GROUP", group, StringComparison.Ordinal), body);
            if (code == NotBound)
            {
                Assert.True(answer.IsSuccessStatusCode, $"{endpoint}: {answer.StatusCode}");
                var text = await answer.Content.ReadAsStringAsync(Stop);
                Assert.DoesNotContain(group, text, StringComparison.Ordinal);
                Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
            }
            else
            {
                await Problem.ExpectAsync(answer, HttpStatusCode.NotFound, code);
            }
        }

        await UntouchedAsync(host, group);
    }

    [Fact]
    public async Task A_non_member_gets_not_member_at_every_command_or_sees_nothing_of_the_group()
    {
        await using var host = await ChatHost.StartAsync();
        var group = await GroupAsync(host);
        await using var mallory = await host.ConnectAsync("mallory");
        foreach (var tag in CommandTags.All)
        {
            var (template, code) = CommandCases[tag];
            var command = template with
            {
                T = tag,
                Conversation = template.Conversation is null ? null : group,
                Cursors = template.Cursors is null ? null : [new WireCursor(group, 2)],
                Id = "case-" + tag,
            };
            if (code is null)
            {
                await mallory.FramesAsync(command);
                continue;
            }

            var answer = await mallory.AskAsync(command);
            if (code == NotBound)
            {
                Assert.NotEqual(EventTags.Refused, answer.T);
                Assert.DoesNotContain(group, JsonSerializer.Serialize(answer), StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal((tag, EventTags.Refused, code), (tag, answer.T, answer.Code));
            }
        }

        await UntouchedAsync(host, group);
    }

    [Fact]
    public async Task A_group_of_others_and_one_that_does_not_exist_are_not_told_apart()
    {
        await using var host = await ChatHost.StartAsync();
        var group = await GroupAsync(host);
        using var mallory = host.Http("mallory");
        foreach (var (endpoint, (path, body, code)) in EndpointCases.Where(pair => pair.Value.Code == "not_member"))
        {
            using var real = await SendAsync(mallory, endpoint, path.Replace("GROUP", group, StringComparison.Ordinal), body);
            using var none = await SendAsync(mallory, endpoint, path.Replace("GROUP", "g_none", StringComparison.Ordinal), body);
            Assert.Equal(await real.Content.ReadAsStringAsync(Stop), await none.Content.ReadAsStringAsync(Stop));
        }
    }

    private static async Task<string> GroupAsync(ChatHost host)
    {
        var alice = new UserId("alice");
        var created = await host.Chat.CreateGroupAsync(new CreateGroup { By = alice, Title = "secret plans", Members = [new UserId("bob")] }, Stop);
        await host.Chat.SendAsync(SendMessage.Text(alice, created.Value.Conversation, "secret words"), Stop);
        return created.Value.Conversation.Value;
    }

    private static async Task UntouchedAsync(ChatHost host, string group)
    {
        var conversation = (await host.Chat.GetConversationAsync(new UserId("alice"), new ConversationId(group), Stop)).Value;
        Assert.Equal(2, conversation.LastSeq);
        Assert.Equal(["alice", "bob"], conversation.Members.Select(member => member.User.Value));
        var receipts = (await host.Chat.GetReceiptsAsync(new UserId("alice"), new ConversationId(group), Stop)).Value;
        Assert.DoesNotContain(receipts, receipt => receipt.User.Value == "mallory");
        Assert.Equal(0, receipts.Single(receipt => receipt.User.Value == "bob").Delivered);
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string endpoint, string path, object? body)
    {
        var request = new HttpRequestMessage(new HttpMethod(endpoint[..endpoint.IndexOf(' ', StringComparison.Ordinal)]), path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        return client.SendAsync(request, Stop);
    }
}
