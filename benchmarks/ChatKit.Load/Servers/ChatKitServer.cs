using ChatKit.Load.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.Load.Servers;

/// <summary>The real thing, as a host would map it.</summary>
internal static class ChatKitServer
{
    public static Action<WebApplication> Add(WebApplicationBuilder builder, Arguments arguments)
    {
        var chat = builder.Services.AddChatKit(options => options.Writers = arguments.Number("writers", options.Writers));
        chat.ConfigureWeb(web => web.RateLimits.Enabled = false); // What is measured is the engine, not its brake.
        switch (arguments.Text("store", "memory"))
        {
            case "memory":
                chat.UseInMemory();
                break;
            case "litedb":
                chat.UseLiteDb(Path.Combine(arguments.Text("data"), "chat.db"));
                break;
            case "postgres":
                chat.UsePostgres(arguments.Text("postgres"));
                break;
            case var other:
                throw new ArgumentException($"There is no store {other}: memory, litedb or postgres.");
        }

        builder.Services.AddSingleton<IBenchBackend, ChatKitBackend>();
        return app => app.MapChatKit("/chat");
    }
}
