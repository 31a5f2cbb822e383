namespace ChatKit.Docs.Tests.Snippets;

internal static class MixingSnippets
{
    public static void LiteDb(WebApplicationBuilder builder)
    {
        #region mixing-litedb
        builder.Services.AddChatKit()
            .UsePostgres("Host=db;Database=chat;Username=chat;Password=…")
            .UseFor(ChatPlugs.Groups, groups => groups.UseLiteDb("data/groups.db"));
        #endregion
    }

    public static void TwoDatabases(WebApplicationBuilder builder, string chat, string groups)
    {
        #region mixing-two
        builder.Services.AddChatKit()
            .UsePostgres(chat)
            .UseFor(ChatPlugs.Groups | ChatPlugs.Devices, other => other.UsePostgres(groups));
        #endregion
    }

    public static async Task RebuildAsync(WebApplication app, CancellationToken cancellationToken)
    {
        #region mixing-rebuild
        var result = await app.Services.GetRequiredService<IGroupDirectoryRebuild>().RunAsync(cancellationToken);
        Console.WriteLine($"{result.Repaired} conversations repaired, {result.Unresolved.Count} differ still");
        #endregion
    }
}
