using ChatKit.FaultHost;
using ChatKit.FaultHost.Plants;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.SignalR;

// The host of the fault run: --store memory|litedb|postgres, --data FOLDER, --postgres CONNECTION, --plant NAME. Prints its address as every host does.
var builder = WebApplication.CreateSlimBuilder(args);
var store = builder.Configuration["store"] ?? "memory";
var data = builder.Configuration["data"] ?? ".";
var plant = builder.Configuration["plant"];
builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true)
    .SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information).AddFilter("Microsoft.AspNetCore", LogLevel.Critical).AddFilter("ChatKit.Hosting", LogLevel.Error);
builder.Services.AddAuthentication(TokenHandler.SchemeName).AddScheme<AuthenticationSchemeOptions, TokenHandler>(TokenHandler.SchemeName, null);
builder.Services.AddAuthorization();
builder.Services.Configure<HubOptions>(hub =>
{
    // A run lasts seconds: a connection that lies is to be found out in less.
    hub.KeepAliveInterval = TimeSpan.FromMilliseconds(200);
    hub.ClientTimeoutInterval = TimeSpan.FromMilliseconds(1000);
    hub.HandshakeTimeout = TimeSpan.FromMilliseconds(1000);
});

var chat = builder.Services.AddChatKit(options => options.RecoveryInterval = TimeSpan.FromMilliseconds(250));
chat.ConfigureWeb(web =>
{
    web.TenantClaim = TokenHandler.TenantClaim;
    web.RateLimits.Enabled = false;
    web.HelloTimeout = TimeSpan.FromSeconds(1);
});
_ = store switch
{
    "memory" => chat.UseInMemory(),
    "litedb" => chat.UseLiteDb(Path.Combine(data, "chat.db")),
    "postgres" => chat.UsePostgres(builder.Configuration["postgres"] ?? throw new ArgumentException("--store postgres needs --postgres CONNECTION.")),
    _ => throw new ArgumentException($"There is no store {store}: memory, litedb or postgres."),
};

if (plant is not null)
{
    Plant.Into(builder.Services, plant, data);
}

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapChatKit("/chat");
await app.RunAsync();
