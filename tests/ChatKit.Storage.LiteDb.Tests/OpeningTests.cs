using LiteDB;
using LiteDB.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChatKit.Storage.LiteDb.Tests;

public sealed class OpeningTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_second_open_is_refused_and_the_first_goes_on()
    {
        using var store = new OpenStore(_folder.Database);
        var fault = Assert.Throws<ChatStoreException>(() => new OpenStore(_folder.Database));
        Assert.False(fault.IsTransient);
        Assert.Contains(_folder.Database, fault.Message, StringComparison.Ordinal);
        Assert.Contains("already open", fault.Message, StringComparison.Ordinal);
        store.Dispose();
        using var again = new OpenStore(_folder.Database);
    }

    [Fact]
    public void A_newer_format_is_refused_with_the_version()
    {
        using (new OpenStore(_folder.Database))
        {
        }

        using (var engine = new LiteEngine(new EngineSettings { Filename = _folder.Database, Collation = Collation.Binary }))
        {
            engine.Update("meta", [new BsonDocument { ["_id"] = "store", ["version"] = 99, ["incarnation"] = "x" }]);
            engine.Checkpoint();
        }

        var fault = Assert.Throws<ChatStoreException>(() => new OpenStore(_folder.Database));
        Assert.False(fault.IsTransient);
        Assert.Contains("newer ChatKit (format 99", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_of_something_else_is_refused()
    {
        using (var engine = new LiteEngine(new EngineSettings { Filename = _folder.Database, Collation = Collation.Binary }))
        {
            engine.Insert("customers", [new BsonDocument { ["_id"] = 1 }], BsonAutoId.Int32);
        }

        Assert.Contains("something else", Assert.Throws<ChatStoreException>(() => new OpenStore(_folder.Database)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_and_kept()
    {
        File.WriteAllText(_folder.Database, new string('x', 20_000));
        var fault = Assert.Throws<ChatStoreException>(() => new OpenStore(_folder.Database));
        Assert.NotNull(fault.InnerException);
        Assert.Contains(_folder.Database, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith("xxx", File.ReadAllText(_folder.Database), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_without_its_database_is_not_thrown_away()
    {
        using (var victim = new Victim(_folder.Database, "r0"))
        {
            await victim.KillAfterAsync(20, Token);
        }

        File.Delete(_folder.Database);
        var length = new FileInfo(_folder.Log).Length;
        Assert.True(length > 0);
        Assert.Contains("put the database file back", Assert.Throws<ChatStoreException>(() => new OpenStore(_folder.Database)).Message, StringComparison.Ordinal);
        Assert.Equal(length, new FileInfo(_folder.Log).Length);
    }

    /// <summary>Rule 12: a restored file is another incarnation; an ordinary restart is not.</summary>
    [Fact]
    public async Task A_restored_older_file_becomes_another_incarnation()
    {
        var first = await UseAsync();
        Assert.Equal(first, await UseAsync());
        var backup = _folder.Database + ".backup";
        File.Copy(_folder.Database, backup);
        Assert.Equal(first, await UseAsync());
        File.Copy(backup, _folder.Database, overwrite: true);
        var restored = await UseAsync();
        Assert.NotEqual(first, restored);
        Assert.Equal(restored, await UseAsync());

        async Task<string> UseAsync()
        {
            using var store = new OpenStore(_folder.Database);
            var chat = new Chat(store.Messages, new ConversationId("g_room"), Chat.Ann);
            await chat.SendAsync(chat.Request(EntryKind.Membership, version: 0));
            await chat.SendAsync();
            return (await store.Get<IStoreIdentity>().GetInfoAsync(Token)).Incarnation;
        }
    }

    /// <summary>Rule 12: a file moved without its lock file may be a copy, so it is taken for one.</summary>
    [Fact]
    public async Task A_file_without_its_lock_file_becomes_another_incarnation()
    {
        string first;
        using (var store = new OpenStore(_folder.Database))
        {
            first = (await store.Get<IStoreIdentity>().GetInfoAsync(Token)).Incarnation;
        }

        File.Delete(_folder.Lock);
        using var again = new OpenStore(_folder.Database);
        Assert.NotEqual(first, (await again.Get<IStoreIdentity>().GetInfoAsync(Token)).Incarnation);
    }

    [Fact]
    public async Task Missing_folders_are_created()
    {
        using var store = new OpenStore(Path.Combine(_folder.Path, "a", "b", "chat.db"));
        await Chat.CreateAsync(store.Messages);
        Assert.NotNull(await store.Get<IAssetStore>().WriteAsync(new AssetId("x"), "text/plain", new MemoryStream([1]), 9, Token));
        Assert.True(Directory.Exists(Path.Combine(_folder.Path, "a", "b", "chat.db.blobs")));
    }

    [Theory]
    [InlineData("", 1_024, "UseLiteDb(\"data/chat.db\")")]
    [InlineData("/", 1_024, "is a folder")]
    [InlineData("x.db", 0, "QueueCapacity is 0: set it to 1 to 100000")]
    public void Wrong_settings_are_refused_with_the_fix(string path, int capacity, string expected)
    {
        var fault = Assert.Throws<OptionsValidationException>(() => new OpenStore(path, configure: options => options.QueueCapacity = capacity));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Calling_UseLiteDb_twice_opens_one_database_at_the_last_path()
    {
        var services = new ServiceCollection();
        new TestBuilder(services).UseLiteDb(Path.Combine(_folder.Path, "first.db")).UseLiteDb(_folder.Database);
        using var provider = services.BuildServiceProvider();
        Assert.Single(provider.GetServices<IMessageStore>());
        Assert.Same(provider.GetRequiredService<IMessageStore>(), provider.GetRequiredService<ILogRetention>());
        Assert.True(File.Exists(_folder.Database));
        Assert.False(File.Exists(Path.Combine(_folder.Path, "first.db")));
    }

    public void Dispose() => _folder.Dispose();
}
