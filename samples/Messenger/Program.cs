using ChatKit;
using Messenger.Demo;
using Messenger.SignIn;
using Microsoft.AspNetCore.DataProtection;

if (args.Contains("--demo"))
{
    return await DemoPlay.RunAsync(Build);
}

await Build(args).RunAsync();
return 0;

static WebApplication Build(string[] args)
{
    var builder = WebApplication.CreateBuilder(args);
    var data = Path.Combine(builder.Environment.ContentRootPath, builder.Configuration["Data"] ?? "data");

    // The host's own: who is signed in, and what people are called. ChatKit takes both from here.
    builder.Services.AddDevelopmentSignIn();
    builder.Services.AddDataProtection().SetApplicationName("Messenger").PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(data, "keys")));
    builder.Services.AddSingleton<IUserDirectory, People>();

    // ChatKit: two lines here, and one below.
    builder.Services.AddChatKit()
        .UseLiteDb(Path.Combine(data, "chat.db"));

    var app = builder.Build();
    app.UseDefaultFiles();
    app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache" });
    app.UseAuthentication();
    app.UseAuthorization();
    app.MapDevelopmentSignIn();
    app.MapChatKit("/chat").RequireAuthorization();
    return app;
}
