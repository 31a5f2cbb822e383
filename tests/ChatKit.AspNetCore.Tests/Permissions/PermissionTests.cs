using System.Net.Http.Json;
using System.Text.Json;
using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.Wire;
using Microsoft.AspNetCore.SignalR.Client;

namespace ChatKit.AspNetCore.Tests.Permissions;

/// <summary>Drives every cell of docs/permissions.md against a real host: who, what, and by which door. With CHATKIT_ACCEPT_PERMISSIONS=1 the page is written
/// from the answers instead, for a person to judge.</summary>
public sealed class PermissionTests
{
    private const string Calls = "The hub";
    private const string Http = "Plain HTTP";
    private const string Poll = "The long poll";
    private static readonly string[] CallRows = ["Hello", "Renew (with an own token)", "Renew (with another's token)"];
    private static readonly string[] PollRows = ["GET sync (entries of the group)"];

    private readonly TokenIssuer issuer = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static bool Accepts => Environment.GetEnvironmentVariable("CHATKIT_ACCEPT_PERMISSIONS") == "1";

    [Fact]
    public async Task Every_command_and_endpoint_has_a_row()
    {
        await using var host = await StartAsync();
        Assert.Equal(CommandTags.All.Order(StringComparer.Ordinal), Operations.Commands.Keys.Select(Operations.NameOf).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(
            Endpoints.Of(host).Where(route => !route.StartsWith("hub", StringComparison.Ordinal)),
            Operations.Endpoints.Keys.Select(Operations.NameOf).Distinct().Order(StringComparer.Ordinal));
        if (!Accepts)
        {
            Assert.Equal([.. CallRows, .. Operations.Commands.Keys], Rows(Calls));
            Assert.Equal(Operations.Endpoints.Keys, Rows(Http));
            Assert.Equal(PollRows, Rows(Poll));
        }

        static IEnumerable<string> Rows(string heading) => PermissionPage.Read(heading).Keys.Select(cell => cell.Row).Distinct();
    }

    [Fact]
    public async Task The_hub_answers_as_the_page_says()
    {
        await using var host = await StartAsync();
        await CheckAsync(Calls, [.. CallRows, .. Operations.Commands.Keys], async (row, who) =>
        {
            var scene = await Scene.CreateAsync(host);
            if (who is Who.Anonymous or Who.ExpiredToken)
            {
                // No connection, so no command.
                using var nobody = host.Http(TokenOf(scene, who));
                using var negotiated = await nobody.PostAsync("hub/negotiate?negotiateVersion=1", null, Stop);
                return await CodeAsync(negotiated);
            }

            if (who == Who.RevokedDevice)
            {
                await RevokeAsync(host, scene);
            }

            await using var hub = await HubClient.StartAsync(host.Hub(TokenOf(scene, who)).Build());
            var hello = await hub.HelloAsync("phone");
            return row == "Hello" ? hello.Code ?? "yes"
                : row.StartsWith("Renew", StringComparison.Ordinal) ? await RenewAsync(hub, scene, who, row == CallRows[1])
                : await AnswerAsync(hub, Operations.Commands[row](scene, who) with { T = Operations.NameOf(row), Id = "the-command" }, scene, who);
        });
    }

    [Fact]
    public async Task Plain_http_answers_as_the_page_says()
    {
        await using var host = await StartAsync();
        await CheckAsync(Http, [.. Operations.Endpoints.Keys], async (row, who) =>
        {
            var scene = await Scene.CreateAsync(host);
            if (who == Who.RevokedDevice)
            {
                await RevokeAsync(host, scene);
            }

            using var client = host.Http(TokenOf(scene, who));
            var (path, body) = Operations.Endpoints[row](scene, who);
            using var request = new HttpRequestMessage(new HttpMethod(row[..row.IndexOf(' ', StringComparison.Ordinal)]), path);
            if (body is not null)
            {
                request.Content = JsonContent.Create(body);
            }

            using var answer = await client.SendAsync(request, Stop);
            var code = await CodeAsync(answer);
            await SeesNothingAsync(await answer.Content.ReadAsStringAsync(Stop), scene, who, $"{row} as {who}");
            return code;
        });
    }

    [Fact]
    public async Task The_long_poll_hands_out_what_the_page_says()
    {
        await using var host = await StartAsync();
        await CheckAsync(Poll, PollRows, async (_, who) =>
        {
            // The device is known before anything is written, so it gets all that its user may see.
            var scene = Scene.Prepare();
            string? next = null;
            using var client = host.Http(TokenOf(scene, who));
            if (who is not (Who.Anonymous or Who.ExpiredToken))
            {
                next = (await Problem.ReadAsync(await client.GetAsync("sync?device=phone&wait=0", Stop))).GetProperty("next").GetString();
            }

            await scene.FillAsync(host);
            if (who == Who.RevokedDevice)
            {
                await RevokeAsync(host, scene);
            }

            using var answer = await client.GetAsync($"sync?device=phone&wait=0&max=100&after={next}", Stop);
            if (!answer.IsSuccessStatusCode)
            {
                return await CodeAsync(answer);
            }

            var page = await Problem.ReadAsync(answer);
            var seqs = page.GetProperty("events").EnumerateArray().Where(e => e.GetProperty("t").GetString() == "entry").Select(e => e.GetProperty("entry").GetProperty("seq").GetInt64()).ToList();
            return seqs.Count == 0 ? "none" : seqs.SequenceEqual(Enumerable.Range(1, 9).Select(i => (long)i)) ? "all" : $"{seqs[0]} to {seqs[^1]} of 9";
        });
    }

    private Task<ChatHost> StartAsync() => ChatHost.StartAsync(options =>
    {
        issuer.Use(options);
        options.Web = web => web.TenantClaim = TestSignIn.TenantClaim;
    });

    private static async Task CheckAsync(string heading, IReadOnlyList<string> rows, Func<string, Who, Task<string>> drive)
    {
        var found = new Dictionary<(string Row, Who Who), string>();
        foreach (var row in rows)
        {
            foreach (var who in Enum.GetValues<Who>())
            {
                found.Add((row, who), await drive(row, who));
            }
        }

        if (Accepts)
        {
            PermissionPage.Write(heading, rows, found);
            return;
        }

        var expected = PermissionPage.Read(heading);
        Assert.Equal(
            found.Select(cell => $"{cell.Key.Row} / {cell.Key.Who}: {cell.Value}"),
            found.Keys.Select(cell => $"{cell.Row} / {cell.Who}: {expected.GetValueOrDefault(cell, "(no such cell)")}"));
    }

    private string? TokenOf(Scene scene, Who who)
    {
        var (name, tenant) = scene.NameOf(who);
        return who switch
        {
            Who.Anonymous => null,
            Who.ExpiredToken => issuer.Issue(name, TimeSpan.FromSeconds(-1), tenant),
            _ => issuer.Issue(name, TimeSpan.FromHours(1), tenant),
        };
    }

    private async Task<string> RenewAsync(HubClient hub, Scene scene, Who who, bool isOwn)
    {
        var (name, tenant) = scene.NameOf(who);
        var token = issuer.Issue(isOwn ? name : "max" + scene.Mark, TimeSpan.FromHours(1), tenant);
        return (await hub.Connection.InvokeAsync<RenewReply>("Renew", new RenewRequest { Token = token }, Stop)).Code ?? "yes";
    }

    private static async Task<string> AnswerAsync(HubClient hub, CommandFrame command, Scene scene, Who who)
    {
        await hub.FramesAsync(command);
        if (command.T is CommandTags.Withdraw or CommandTags.Ack or CommandTags.Activity or CommandTags.Typing or CommandTags.Read)
        {
            // Answered only when refused: by the time the next one is answered.
            await hub.FramesAsync(new CommandFrame { T = CommandTags.Conversations, Id = "probe" });
            await hub.NextAsync(e => e.Id == "probe");
            if (command.T is CommandTags.Typing or CommandTags.Read)
            {
                await hub.FramesAsync(new CommandFrame { T = CommandTags.Conversation, Id = "probe2", Conversation = scene.Group });
                await hub.NextAsync(e => e.Id == "probe2");
            }

            return hub.Has(e => e.Id == "the-command") ? (await hub.NextAsync(e => e.Id == "the-command")).Code! : "yes";
        }

        var answer = await hub.NextAsync(e => e.Id == "the-command");
        await SeesNothingAsync(JsonSerializer.Serialize(answer with { Conversation = null }), scene, who, $"{command.T} as {who}");
        return answer.T == EventTags.Refused ? answer.Code! : "yes";
    }

    private static Task SeesNothingAsync(string answer, Scene scene, Who who, string what)
    {
        if (who is Who.Anonymous or Who.ExpiredToken or Who.OtherTenant or Who.Outsider)
        {
            Assert.False(answer.Contains(scene.Group, StringComparison.Ordinal) || answer.Contains("secret", StringComparison.Ordinal), $"{what} sees of the group: {answer}");
        }
        else if (who == Who.ExMember)
        {
            Assert.False(answer.Contains("secret afterwards", StringComparison.Ordinal), $"{what} sees what came after him: {answer}");
        }

        return Task.CompletedTask;
    }

    private static async Task RevokeAsync(ChatHost host, Scene scene)
    {
        var (name, tenant) = scene.NameOf(Who.RevokedDevice);
        await host.Chat.RevokeDeviceAsync(new DeviceId(new UserId(name, tenant), "phone"), Stop);
    }

    private static async Task<string> CodeAsync(HttpResponseMessage answer)
    {
        if (answer.IsSuccessStatusCode)
        {
            return "yes";
        }

        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop)).RootElement;
        Assert.Equal((int)answer.StatusCode, problem.GetProperty("status").GetInt32());
        return problem.GetProperty("code").GetString()!;
    }
}
