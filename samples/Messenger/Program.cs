using Messenger;
using Messenger.Demonstration;
using Microsoft.AspNetCore.DataProtection;

if (args.Contains("--demo"))
{
    return await Demo.RunAsync(Build);
}

await using var messenger = Build(args);
await messenger.RunAsync();
return 0;

static WebApplication Build(string[] args)
{
    var builder = WebApplication.CreateBuilder(args);

    // Where everything is kept: --data FOLDER, the environment's MESSENGER_DATA, or data below the content root.
    var data = Path.GetFullPath(builder.Configuration["data"] ?? builder.Configuration["MESSENGER_DATA"] ?? "data", builder.Environment.ContentRootPath);
    Directory.CreateDirectory(data);

    // Sign-ins outlive a restart because the keys of the cookies do.
    builder.Services.AddDataProtection().SetApplicationName("Messenger").PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(data, "keys")));
    builder.Services.AddDevelopmentSignIn();

    builder.Services.AddChatKit().UseLiteDb(Path.Combine(data, "chat.db"));

    var app = builder.Build();
    app.UseDefaultFiles();
    app.UseStaticFiles();
    app.MapDevelopmentSignIn();
    app.MapChatKit("/chat");
    return app;
}
