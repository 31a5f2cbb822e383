using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication.BearerToken;

namespace ChatKit.Docs.Tests.Snippets;

internal static class HostSnippets
{
    public static void Readme(string[] args)
    {
        #region readme-host
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddChatKit()                    // ChatKit: the engine and its services,
            .UseLiteDb("data/chat.db");                  //          a store in one file,

        // DEVELOPMENT ONLY: gives anybody a token for any name. In your app the sign-in you have does this.
        builder.Services.AddAuthentication(BearerTokenDefaults.AuthenticationScheme).AddBearerToken();
        builder.Services.AddAuthorization();

        var app = builder.Build();
        if (app.Environment.IsDevelopment())
        {
            app.MapPost("/sign-in/{user}", (string user) => TypedResults.SignIn(
                new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, user)], BearerTokenDefaults.AuthenticationScheme))));
        }

        app.MapChatKit("/chat").RequireAuthorization();  //          the hub and the HTTP API.
        app.Run();
        #endregion
    }

    public static void Send(WebApplication app)
    {
        #region readme-send
        app.MapPost("/orders/{id}/shipped", async (string id, IChatKit chat, CancellationToken ct) =>
        {
            var sent = await chat.SendAsync(SendMessage.Direct(new UserId("shop"), new UserId("ann"), $"Order {id} is on its way."), ct);
            return sent.IsSuccess ? Results.Ok(sent.Value.Seq) : Results.Problem(sent.Error.Message);
        });
        #endregion
    }

    public static void LiteDb(WebApplicationBuilder builder)
    {
        #region litedb
        builder.Services.AddChatKit().UseLiteDb("data/chat.db");
        #endregion
    }

    public static void Core(IServiceCollection services)
    {
        #region core
        services.AddChatKitCore().UseInMemory();   // IChatKit without a door: for tests, workers, throw-away hosts
        #endregion
    }

    public static void Door(WebApplicationBuilder builder, WebApplication app)
    {
        #region door
        builder.Services.AddChatKit(builder.Configuration.GetSection("ChatKit"))
            .UseLiteDb("data/chat.db")
            .ConfigureWeb(web => web.AllowedOrigins.Add("https://app.example.com"));

        app.MapChatKit("/chat").RequireAuthorization();
        app.MapHealthChecks("/health");
        #endregion
    }

    public static void Limits(WebApplicationBuilder builder)
    {
        #region limits-own
        builder.Services.AddChatKit()
            .UseLiteDb("data/chat.db")
            .ConfigureWeb(web => web.RateLimits.Writes = new ChatRateLimit { Burst = 200, PerSecond = 5 });
        #endregion
    }

    public static void Limiter(WebApplicationBuilder builder)
    {
        #region limits-limiter
        builder.Services.AddSingleton(PartitionedRateLimiter.Create<ChatRateLimitContext, string>(context => context.Command == ChatCommandClass.Write
            ? RateLimitPartition.GetTokenBucketLimiter(context.User.Tenant, _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = 10_000,
                TokensPerPeriod = 1_000,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            })
            : RateLimitPartition.GetNoLimiter("")));
        #endregion
    }
}
