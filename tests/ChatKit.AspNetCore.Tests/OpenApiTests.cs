using System.Text.Json;
using System.Text.RegularExpressions;
using ChatKit.AspNetCore.Tests.Hosting;

namespace ChatKit.AspNetCore.Tests;

public sealed partial class OpenApiTests
{
    [Fact]
    public async Task The_description_has_every_route_that_is_mapped_and_no_other()
    {
        await using var host = await ChatHost.StartAsync();
        var document = await ReadAsync(host);
        Assert.Matches("^3\\.1\\.", document.GetProperty("openapi").GetString());
        Assert.Equal("/chat", document.GetProperty("servers")[0].GetProperty("url").GetString());
        var described = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name[1..]}"))
            .Order(StringComparer.Ordinal);
        Assert.Equal(Endpoints.Of(host).Where(endpoint => !endpoint.StartsWith("hub", StringComparison.Ordinal)), described);
    }

    [Fact]
    public async Task Every_operation_is_whole()
    {
        await using var host = await ChatHost.StartAsync();
        var document = await ReadAsync(host);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject().Select(method => method.Value))
            {
                Assert.True(ids.Add(operation.GetProperty("operationId").GetString()!));
                Assert.NotEmpty(operation.GetProperty("summary").GetString()!);
                Assert.True(operation.GetProperty("responses").TryGetProperty("default", out _));
                var inPath = operation.TryGetProperty("parameters", out var parameters)
                    ? parameters.EnumerateArray().Where(p => p.GetProperty("in").GetString() == "path").Select(p => p.GetProperty("name").GetString()!).ToArray()
                    : [];
                Assert.Equal(RouteParameter().Matches(path.Name).Select(match => match.Groups[1].Value), inPath);
            }
        }
    }

    [Fact]
    public async Task Every_reference_leads_somewhere_and_the_schemas_are_of_the_wire()
    {
        await using var host = await ChatHost.StartAsync();
        var document = await ReadAsync(host);
        var references = References(document).ToList();
        Assert.NotEmpty(references);
        foreach (var reference in references)
        {
            var at = document;
            foreach (var step in reference[2..].Split('/'))
            {
                Assert.True(at.TryGetProperty(step, out at), reference);
            }
        }

        var entry = document.GetProperty("components").GetProperty("schemas").GetProperty("Entry");
        Assert.Equal("integer", entry.GetProperty("properties").GetProperty("seq").GetProperty("type").GetString());
        Assert.Contains("seq", entry.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        Assert.DoesNotContain("text", entry.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public async Task A_host_may_leave_it_out()
    {
        await using var host = await ChatHost.StartAsync(o => o.Web = web => web.EnableOpenApi = false);
        Assert.DoesNotContain("GET openapi.json", Endpoints.Of(host));
    }

    private static async Task<JsonElement> ReadAsync(ChatHost host)
    {
        using var http = host.Http("alice");
        using var answer = await http.GetAsync("openapi.json", TestContext.Current.CancellationToken);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return await Problem.ReadAsync(answer);
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(field =>
            field.Name == "$ref" ? [field.Value.GetString()!] : References(field.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex RouteParameter();
}
