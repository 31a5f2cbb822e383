using ChatKit;
using Messenger.Demonstration;
using Messenger.SignIn;
using Microsoft.AspNetCore.DataProtection;

if (args.Contains("--demo"))
{
    return await Demo.RunAsync(Build);
}

await Build(args).RunAsync();
return 0;

static WebApplication Build(string[] args)
{
    var builder = WebApplication.CreateBuilder(args);
    var data = Path.GetFullPath(builder.Configuration["Data"] ?? "data", builder.Environment.ContentRootPath);

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
