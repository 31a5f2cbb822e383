using System.Net;
using System.Net.Http.Json;
using System.Text;
using ChatKit.AspNetCore.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.AspNetCore.Tests;

public sealed class HttpTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_is_sent_and_read_by_the_two_calls()
    {
        await using var host = await ChatHost.StartAsync();
        using var alice = host.Http("alice");
        using var bob = host.Http("bob");
        using var answer = await alice.PostAsJsonAsync("direct/bob/messages", new { id = "one", text = "Hi 👋" }, Stop);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var sent = await Problem.ReadAsync(answer);
        Assert.Equal("one", sent.GetProperty("id").GetString());
        Assert.False(sent.GetProperty("duplicate").GetBoolean());

        // Rule 5: the retry gets the first result.
        using var again = await alice.PostAsJsonAsync("direct/bob/messages", new { id = "one", text = "Hi 👋" }, Stop);
        var duplicate = await Problem.ReadAsync(again);
        Assert.True(duplicate.GetProperty("duplicate").GetBoolean());
        Assert.Equal(sent.GetProperty("seq").GetInt64(), duplicate.GetProperty("seq").GetInt64());

        using var other = await alice.PostAsJsonAsync("direct/bob/messages", new { id = "one", text = "Something else" }, Stop);
        await Problem.ExpectAsync(other, HttpStatusCode.Conflict, "conflict");

        using var read = await bob.GetAsync("direct/alice/messages?limit=10", Stop);
        var page = await Problem.ReadAsync(read);
        var message = Assert.Single(page.GetProperty("messages").EnumerateArray());
        Assert.Equal("Hi 👋", message.GetProperty("text").GetString());
        Assert.Equal("alice", message.GetProperty("from").GetString());
        Assert.False(message.TryGetProperty("data", out _));
    }

    [Fact]
    public async Task Bytes_go_in_base64_and_come_back()
    {
        await using var host = await ChatHost.StartAsync();
        using var alice = host.Http("alice");
        using var answer = await alice.PostAsJsonAsync("direct/bob/messages", new { data = "AAEC/w==", contentType = "application/x-any" }, Stop);
        var conversation = (await Problem.ReadAsync(answer)).GetProperty("conversation").GetString();
        using var read = await alice.GetAsync($"conversations/{conversation}/messages", Stop);
        var message = Assert.Single((await Problem.ReadAsync(read)).GetProperty("messages").EnumerateArray());
        Assert.Equal("AAEC/w==", message.GetProperty("data").GetString());
        Assert.Equal("application/x-any", message.GetProperty("contentType").GetString());
    }

    [Fact]
    public async Task Groups_edits_receipts_and_lists_work_over_plain_http()
    {
        await using var host = await ChatHost.StartAsync();
        using var alice = host.Http("alice");
        using var bob = host.Http("bob");
        using var created = await alice.PostAsJsonAsync("groups", new { title = "Trip", users = new[] { "bob" } }, Stop);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var group = "conversations/" + (await Problem.ReadAsync(created)).GetProperty("conversation").GetString();

        using var sent = await alice.PostAsJsonAsync(group + "/messages", new { text = "first" }, Stop);
        var seq = (await Problem.ReadAsync(sent)).GetProperty("seq").GetInt64();
        using var edited = await alice.PutAsJsonAsync($"{group}/messages/{seq}", new { text = "second" }, Stop);
        Assert.Equal(HttpStatusCode.OK, edited.StatusCode);
        using var read = await bob.PostAsJsonAsync(group + "/read", new { seq }, Stop);
        Assert.Equal(seq, (await Problem.ReadAsync(read)).GetProperty("read").GetInt64());
        using var typing = await bob.PostAsJsonAsync(group + "/typing", new { typing = true }, Stop);
        Assert.Equal(HttpStatusCode.NoContent, typing.StatusCode);
        using var receipts = await alice.GetAsync($"{group}/messages/{seq}/receipts", Stop);
        var who = await Problem.ReadAsync(receipts);
        Assert.Equal(1, who.GetProperty("total").GetInt32());
        using var added = await alice.PostAsJsonAsync(group + "/members", new { users = new[] { "carol" } }, Stop);
        Assert.Equal(HttpStatusCode.OK, added.StatusCode);
        using var removed = await alice.DeleteAsync(group + "/members/carol", Stop);
        Assert.Equal(HttpStatusCode.OK, removed.StatusCode);
        using var left = await bob.PostAsync(group + "/leave", null, Stop);
        Assert.Equal(HttpStatusCode.OK, left.StatusCode);
        using var deleted = await alice.DeleteAsync($"{group}/messages/{seq}?id=away", Stop);
        Assert.Equal("away", (await Problem.ReadAsync(deleted)).GetProperty("id").GetString());
        using var list = await alice.GetAsync("conversations?limit=5", Stop);
        var one = Assert.Single((await Problem.ReadAsync(list)).GetProperty("conversations").EnumerateArray());
        Assert.Equal("Trip", one.GetProperty("title").GetString());
        using var presence = await alice.GetAsync("presence?user=bob&user=carol", Stop);
        Assert.Equal(2, (await Problem.ReadAsync(presence)).GetProperty("presence").GetArrayLength());
    }

    [Fact]
    public async Task The_long_poll_answers_at_once_or_when_something_arrives()
    {
        await using var host = await ChatHost.StartAsync();
        using var alice = host.Http("alice");
        using var bob = host.Http("bob");
        using var first = await bob.GetAsync("sync?device=d1&wait=0", Stop);
        var next = (await Problem.ReadAsync(first)).GetProperty("next").GetString()!;
        var waiting = bob.GetAsync($"sync?device=d1&wait=30&after={Uri.EscapeDataString(next)}", Stop);
        using var sent = await alice.PostAsJsonAsync("direct/bob/messages", new { text = "now" }, Stop);
        sent.EnsureSuccessStatusCode();
        using var answer = await waiting;
        var page = await Problem.ReadAsync(answer);
        Assert.Contains(page.GetProperty("events").EnumerateArray(), e => e.GetProperty("t").GetString() == "entry");
    }

    [Fact]
    public async Task A_waiting_poll_does_not_hold_up_the_hosts_stop()
    {
        await using var host = await ChatHost.StartAsync();
        using var bob = host.Http("bob");
        using var first = await bob.GetAsync("sync?device=d1&wait=0", Stop);
        var next = (await Problem.ReadAsync(first)).GetProperty("next").GetString()!;
        var waiting = bob.GetAsync($"sync?device=d1&wait=60&after={Uri.EscapeDataString(next)}", Stop);
        await host.Log.WaitAsync(line => line.Text.Contains("sync?device=d1&wait=60", StringComparison.Ordinal));
        await host.App.StopAsync(Stop).WaitAsync(TimeSpan.FromSeconds(10), Stop);
        using var answer = await waiting;
        var problem = await Problem.ExpectAsync(answer, HttpStatusCode.ServiceUnavailable, "shutting_down");
        Assert.Equal(1000, problem.GetProperty("retryAfter").GetInt64());
        Assert.Equal("1", answer.Headers.GetValues("Retry-After").Single());
    }

    [Theory]
    [InlineData("POST", "direct/bob/messages", "{\"text\":")]
    [InlineData("POST", "direct/bob/messages", "[]")]
    [InlineData("POST", "direct/bob/messages", "null")]
    [InlineData("POST", "direct/bob/messages", "{\"text\":5}")]
    [InlineData("POST", "direct/bob/messages", "{\"text\":\"a\"} {}")]
    [InlineData("POST", "direct/bob/messages", "{\"text\":\"\\ud800\"}")]
    [InlineData("POST", "direct/bob/messages", "")]
    [InlineData("POST", "direct/bob/messages", "{}")]
    [InlineData("POST", "direct/bob/messages", "{\"text\":\"a\",\"data\":\"AA==\"}")]
    [InlineData("POST", "direct/bob/messages", "{\"data\":\"no base64\"}")]
    [InlineData("POST", "direct/bob/messages", "{\"text\":\"a\",\"contentType\":\"image/png\"}")]
    [InlineData("POST", "direct/bob/messages", "{\"text\":\"a\",\"id\":\"\"}")]
    [InlineData("POST", "direct/bob/messages", "{\"text\":\"a\",\"assets\":[null]}")]
    [InlineData("POST", "groups", "{\"title\":\"a\"}")]
    [InlineData("POST", "groups", "{\"users\":[\"bob\"]}")]
    [InlineData("POST", "groups", "{\"title\":\"a\",\"users\":[\"\"]}")]
    [InlineData("POST", "groups", "{\"title\":\"a\",\"users\":[\"bob\"],\"history\":\"some\"}")]
    [InlineData("POST", "conversations/g_1/read", "{}")]
    [InlineData("POST", "conversations/g_1/read", "{\"seq\":-1}")]
    [InlineData("POST", "conversations/g_1/typing", "{}")]
    [InlineData("PUT", "conversations/g_1/messages/x", "{\"text\":\"a\"}")]
    public async Task A_malformed_body_is_refused_invalid_with_a_sentence(string method, string path, string body)
    {
        await using var host = await ChatHost.StartAsync();
        using var alice = host.Http("alice");
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await alice.SendAsync(request, Stop);
        var problem = await Problem.ExpectAsync(answer, HttpStatusCode.BadRequest, "invalid");
        Assert.DoesNotContain("System.", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("conversations?limit=0")]
    [InlineData("conversations?limit=201")]
    [InlineData("conversations?limit=1&limit=2")]
    [InlineData("conversations/g_1/messages?before=x")]
    [InlineData("conversations/g_1/messages?before=1&after=2")]
    [InlineData("conversations/g_1/messages?beforeTime=yesterday")]
    [InlineData("conversations/g_1/messages?screenSize=big")]
    [InlineData("conversations/g_%01/messages")]
    [InlineData("presence")]
    [InlineData("presence?user=")]
    [InlineData("sync?wait=-1")]
    [InlineData("sync?wait=soon")]
    [InlineData("sync?max=1001")]
    [InlineData("sync?device=")]
    public async Task A_malformed_query_is_refused_invalid(string path)
    {
        await using var host = await ChatHost.StartAsync();
        using var alice = host.Http("alice");
        using var answer = await alice.GetAsync(path, Stop);
        await Problem.ExpectAsync(answer, HttpStatusCode.BadRequest, "invalid");
    }

    [Fact]
    public async Task A_form_is_not_taken_for_json()
    {
        await using var host = await ChatHost.StartAsync();
        using var alice = host.Http("alice");
        using var answer = await alice.PostAsync("direct/bob/messages", new StringContent("{\"text\":\"a\"}", Encoding.UTF8, "text/plain"), Stop);
        var problem = await Problem.ExpectAsync(answer, HttpStatusCode.BadRequest, "invalid");
        Assert.Contains("application/json", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_that_is_too_large_is_refused_with_or_without_a_length(bool chunked)
    {
        await using var host = await ChatHost.StartAsync(o => o.Web = web => web.MaxRequestBytes = 128 * 1024);
        using var alice = host.Http("alice");
        using var request = new HttpRequestMessage(HttpMethod.Post, "direct/bob/messages")
        {
            Content = new StringContent("{\"text\":\"" + new string('a', 200_000) + "\"}", Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = chunked;
        using var answer = await alice.SendAsync(request, Stop);
        await Problem.ExpectAsync(answer, HttpStatusCode.RequestEntityTooLarge, "too_large");
    }

    [Fact]
    public async Task A_body_beyond_the_engines_limit_is_too_large()
    {
        await using var host = await ChatHost.StartAsync(o => o.Chat = chat => chat.MaxBodyBytes = 10);
        using var alice = host.Http("alice");
        using var answer = await alice.PostAsJsonAsync("direct/bob/messages", new { text = "eleven byte" }, Stop);
        await Problem.ExpectAsync(answer, HttpStatusCode.RequestEntityTooLarge, "too_large");
    }

    [Fact]
    public async Task An_id_with_a_slash_is_reached()
    {
        await using var host = await ChatHost.StartAsync();
        using var alice = host.Http("alice");
        using var answer = await alice.PostAsJsonAsync("direct/team%2Fbob/messages", new { text = "hi" }, Stop);
        var conversation = (await Problem.ReadAsync(answer)).GetProperty("conversation").GetString();
        Assert.Equal(ConversationId.Direct(new UserId("alice"), new UserId("team/bob")).Value, conversation);
    }

    [Fact]
    public async Task A_store_that_is_down_is_503_and_its_text_stays_in_the_log()
    {
        await using var host = await ChatHost.StartAsync(o => o.Build = builder =>
            builder.Services.AddSingleton(BrokenChat.Throwing(new ChatStoreException("connection string with a secret", true))));
        using var alice = host.Http("alice");
        using var answer = await alice.GetAsync("conversations", Stop);
        var problem = await Problem.ExpectAsync(answer, HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
        Assert.True(answer.Headers.Contains("Retry-After"));
        Assert.Contains(host.Log.Lines, line => line.Event.Id == 2004 && line.Text.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_fault_is_500_and_shows_nothing_even_in_development()
    {
        await using var host = await ChatHost.StartAsync(o => o.Build = builder =>
            builder.Services.AddSingleton(BrokenChat.Throwing(new InvalidOperationException("a secret of the server"))));
        using var alice = host.Http("alice");
        using var answer = await alice.GetAsync("conversations", Stop);
        var problem = await Problem.ExpectAsync(answer, HttpStatusCode.InternalServerError, "unavailable");
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
        Assert.Contains(host.Log.Lines, line => line.Event.Id == 2005);
    }
}
