using System.Runtime;
using ChatKit.Load.Measuring;
using ChatKit.Load.Running;
using ChatKit.Load.Scenarios;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatKit.Load.Servers;

/// <summary>The role <c>serve</c>: one server on a free loopback port, until its standard input ends.</summary>
internal static class BenchServer
{
    public const string Announcement = "LISTENING ";

    public static async Task<int> RunAsync(Arguments arguments)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddAuthentication(QueryUserHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, QueryUserHandler>(QueryUserHandler.SchemeName, null);
        builder.Services.AddAuthorization();

        Action<WebApplication> map = arguments.Text("kind", "chatkit") switch
        {
            "relay" => RelayServer.Add(builder),
            "hub" => HandServer.Add(builder, arguments),
            _ => ChatKitServer.Add(builder, arguments),
        };

        await using var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        MapBench(app);
        map(app);
        await app.StartAsync();
        Console.WriteLine($"{Announcement}{app.Urls.First()}");

        // The parent holds the other end: when it goes, however it goes, this goes too.
        while (await Console.In.ReadLineAsync() is not null)
        {
        }

        await app.StopAsync();
        return 0;
    }

    private static void MapBench(WebApplication app)
    {
        app.MapGet("/bench/stats", () => Stats());
        app.MapPost("/bench/collect", () =>
        {
            for (var i = 0; i < 2; i++)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                GC.WaitForPendingFinalizers();
            }

            return Stats();
        });
        app.MapGet("/bench/rows", (long after, IBenchBackend backend, CancellationToken cancellationToken) => backend.CountAsync(after, cancellationToken));
        app.MapPost("/bench/seed", async (HttpContext context, IBenchBackend backend) =>
        {
            var request = await context.Request.ReadFromJsonAsync<SeedRequest>(context.RequestAborted);
            return await backend.SeedAsync(request!, context.RequestAborted);
        });
    }

    private static ServerStats Stats() => new(
        GC.GetTotalAllocatedBytes(precise: true), GC.GetTotalMemory(forceFullCollection: false), GC.CollectionCount(2), JitInfo.GetCompilationTime().TotalMilliseconds);
}
