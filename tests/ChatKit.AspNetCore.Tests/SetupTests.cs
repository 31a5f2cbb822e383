using System.Net;
using ChatKit.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChatKit.AspNetCore.Tests;

public sealed class SetupTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MapChatKit_without_AddChatKit_names_the_fix()
    {
        await using var app = WebApplication.CreateBuilder().Build();
        var exception = Assert.Throws<InvalidOperationException>(() => app.MapChatKit());
        Assert.Contains("AddChatKit()", exception.Message, StringComparison.Ordinal);
        Assert.Contains("UseLiteDb", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_without_a_store_fails_at_start_and_names_the_stores()
    {
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => ChatHost.StartAsync(o => o.Store = _ => { }));
        Assert.Contains("UseLiteDb", exception.Message, StringComparison.Ordinal);
        Assert.Contains("UsePostgres", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddChatKit_may_be_called_twice_and_both_settings_hold()
    {
        await using var host = await ChatHost.StartAsync(o => o.Build = builder =>
            builder.Services.AddChatKit(chat => chat.MaxAssets = 3).ConfigureWeb(web => web.MaxFrameBytes = 300_000));
        Assert.Equal(3, host.App.Services.GetRequiredService<IOptions<ChatKitOptions>>().Value.MaxAssets);
        Assert.Single(host.App.Services.GetServices<IServer>());
        using var http = host.Http("alice");
        using var answer = await http.GetAsync("conversations", Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Settings_come_from_configuration()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ChatKit:MaxBodyBytes"] = "1000",
            ["ChatKit:OnlineFor"] = "00:00:30",
            ["ChatKit:Web:UserIdClaim"] = "uid",
            ["ChatKit:Web:AllowedOrigins:0"] = "https://app.example.com",
        }).Build();
        await using var host = await ChatHost.StartAsync(o => o.Build = builder => builder.Services.AddChatKit(configuration.GetSection("ChatKit")));
        var chat = host.App.Services.GetRequiredService<IOptions<ChatKitOptions>>().Value;
        Assert.Equal(1000, chat.MaxBodyBytes);
        Assert.Equal(TimeSpan.FromSeconds(30), chat.OnlineFor);
        var web = host.App.Services.GetRequiredService<IOptions<ChatKitWebOptions>>().Value;
        Assert.Equal("uid", web.UserIdClaim);
        Assert.Equal(["https://app.example.com"], web.AllowedOrigins);
    }

    public static TheoryData<string, Action<ChatKitWebOptions>> WrongSettings => new()
    {
        { nameof(ChatKitWebOptions.UserIdClaim), web => web.UserIdClaim = " " },
        { nameof(ChatKitWebOptions.TenantClaim), web => web.TenantClaim = "" },
        { nameof(ChatKitWebOptions.AllowedOrigins), web => web.AllowedOrigins.Add("*") },
        { nameof(ChatKitWebOptions.AllowedOrigins), web => web.AllowedOrigins.Add("https://app.example.com/path") },
        { nameof(ChatKitWebOptions.MaxFrameBytes), web => web.MaxFrameBytes = 10 },
        { nameof(ChatKitWebOptions.MaxFrameBytes), web => web.MaxFrameBytes = 64 * 1024 },
        { nameof(ChatKitWebOptions.MaxRequestBytes), web => web.MaxRequestBytes = int.MaxValue },
        { nameof(ChatKitWebOptions.LongPollMax), web => web.LongPollMax = TimeSpan.FromHours(1) },
        { nameof(ChatKitWebOptions.HealthTimeout), web => web.HealthTimeout = TimeSpan.Zero },
    };

    [Theory]
    [MemberData(nameof(WrongSettings), DisableDiscoveryEnumeration = true)]
    public async Task A_wrong_setting_stops_the_start_and_is_named(string setting, Action<ChatKitWebOptions> set)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => ChatHost.StartAsync(o => o.Web = set));
        Assert.Contains("ChatKitWebOptions." + setting, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_setting_of_the_engine_stops_the_start()
    {
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => ChatHost.StartAsync(o => o.Chat = chat => chat.WindowEntries = 0));
        Assert.Contains("ChatKitOptions.WindowEntries", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conventions_chained_to_MapChatKit_reach_every_endpoint()
    {
        await using var host = await ChatHost.StartAsync(o => o.Map = chat => chat.WithMetadata("mine"));
        var endpoints = host.App.Services.GetRequiredService<Microsoft.AspNetCore.Routing.EndpointDataSource>().Endpoints
            .Where(endpoint => endpoint.ToString()!.Contains("/chat", StringComparison.Ordinal) || endpoint.DisplayName!.StartsWith("ChatKit", StringComparison.Ordinal)).ToArray();
        Assert.Equal(Endpoints.Of(host).Count, endpoints.Length);
        Assert.All(endpoints, endpoint => Assert.Equal("mine", endpoint.Metadata.GetMetadata<string>()));
    }

    [Fact]
    public async Task RequireAuthorization_keeps_the_unsigned_out_with_401_and_no_redirect()
    {
        await using var host = await ChatHost.StartAsync(o => o.Map = chat => chat.RequireAuthorization());
        using var nobody = host.Http(null);
        using var refused = await nobody.GetAsync("conversations", Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using var hub = await nobody.PostAsync("hub/negotiate?negotiateVersion=1", null, Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, hub.StatusCode);
        using var alice = host.Http("alice");
        using var answer = await alice.GetAsync("conversations", Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task It_may_be_mapped_at_the_root_and_below_a_group()
    {
        await using var host = await ChatHost.StartAsync(o =>
        {
            o.Pattern = "";
            o.Use = app => app.MapGroup("/api/{version}").MapChatKit("/talk");
        });
        using var http = host.Http("alice");
        using var root = await http.GetAsync(new Uri(host.Address, "/conversations"), Stop);
        Assert.Equal(HttpStatusCode.OK, root.StatusCode);
        using var grouped = await http.GetAsync(new Uri(host.Address, "/api/v1/talk/conversations"), Stop);
        Assert.Equal(HttpStatusCode.OK, grouped.StatusCode);
        using var nobody = host.Http(null);
        using var hub = await nobody.PostAsync(new Uri(host.Address, "/api/v1/talk/hub/negotiate?negotiateVersion=1&access_token=alice"), null, Stop);
        Assert.Equal(HttpStatusCode.OK, hub.StatusCode);
    }

    [Fact]
    public async Task The_hosts_own_hubs_keep_their_settings()
    {
        await using var host = await ChatHost.StartAsync(o => o.Build = builder => builder.Services.AddSignalR(hub => hub.MaximumReceiveMessageSize = 1234));
        Assert.Equal(1234, host.App.Services.GetRequiredService<IOptions<HubOptions>>().Value.MaximumReceiveMessageSize);
        var payload = host.App.Services.GetRequiredService<IOptions<JsonHubProtocolOptions>>().Value.PayloadSerializerOptions;
        Assert.Equal("""{"name":null}""", System.Text.Json.JsonSerializer.Serialize(new { Name = (string?)null }, payload));
    }
}
