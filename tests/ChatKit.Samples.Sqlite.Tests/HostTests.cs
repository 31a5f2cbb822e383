using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ChatKit.Samples.Sqlite.Tests;

public sealed class HostTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chatkit-sqlite-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The adapter brings every plug the engine wants: a host with it alone starts, sends, and finds the message after a restart.</summary>
    [Fact]
    public async Task A_host_runs_on_it()
    {
        var (ann, ben) = (new UserId("ann"), new UserId("ben"));
        using (var host = await StartAsync())
        {
            var sent = await host.Services.GetRequiredService<IChatKit>().SendAsync(
                SendMessage.Direct(ann, ben, "hello"), Token);
            Assert.Equal(2, sent.Value.Seq);
            await host.StopAsync(Token);
        }

        using var again = await StartAsync();
        var page = await again.Services.GetRequiredService<IChatKit>().GetMessagesAsync(
            new MessageQuery { Reader = ben, Conversation = ConversationId.Direct(ann, ben) }, Token);
        Assert.Equal("hello"u8.ToArray(), Assert.Single(page.Value.Messages).Body.ToArray());
        await again.StopAsync(Token);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<IHost> StartAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddChatKitCore().UseSqlite(Path.Combine(_folder.FullName, "chat.db"));
        var host = builder.Build();
        await host.StartAsync(Token);
        return host;
    }
}
