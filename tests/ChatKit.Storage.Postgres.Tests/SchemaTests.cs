using ChatKit.Tests.Shared;
using Microsoft.Extensions.Options;

namespace ChatKit.Storage.Postgres.Tests;

/// <summary>What is done and checked before the first use.</summary>
public sealed class SchemaTests : IAsyncLifetime
{
    private PostgresServer _server = null!;
    private string _schema = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.SharedAsync();
        _schema = PostgresServer.NewName();
    }

    public async ValueTask DisposeAsync() => await _server.ExecuteAsync($"drop schema if exists {_schema} cascade");

    [Fact]
    public async Task Hosts_that_start_together_migrate_once()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync()));
        Assert.Equal(PostgresSchema.Version, await _server.ScalarAsync<long>($"select count(*) from {_schema}.schema_version"));
        foreach (var store in stores)
        {
            await Chat.CreateAsync(store.Messages);
            await store.DisposeAsync();
        }
    }

    /// <summary>Whoever may not migrate is told what to run; the script makes the same, and once only.</summary>
    [Fact]
    public async Task The_script_makes_what_a_host_would()
    {
        var fault = await Assert.ThrowsAsync<ChatStoreException>(() => OpenAsync(options => options.Migrate = false));
        Assert.False(fault.IsTransient);
        Assert.Contains($"PostgresSchema.Script(\"{_schema}\", 0)", fault.Message, StringComparison.Ordinal);

        await _server.ExecuteAsync(PostgresSchema.Script(_schema));
        var again = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => _server.ExecuteAsync(PostgresSchema.Script(_schema)));
        Assert.Contains("nothing was changed", again.MessageText, StringComparison.Ordinal);
        await using var store = await OpenAsync(options => options.Migrate = false);
        await Chat.CreateAsync(store.Messages);
    }

    /// <summary>What grows without end is analysed by few columns and small samples (docs/decisions/postgres.md); a new column of theirs has to say how.</summary>
    [Fact]
    public async Task Columns_of_logs_are_hardly_analysed()
    {
        await using var store = await OpenAsync();
        await Chat.CreateAsync(store.Messages);
        await _server.ExecuteAsync($"analyze {_schema}.entries");
        Assert.Equal(0, await _server.ScalarAsync<long>($"""
            select count(*) from pg_attribute a
            where a.attrelid in ('{_schema}.entries'::regclass, '{_schema}.trimmed_commands'::regclass, '{_schema}.feed'::regclass)
              and a.attnum > 0 and not a.attisdropped and coalesce(a.attstattarget, -1) not between 0 and 10
            """));
        Assert.Equal(0, await _server.ScalarAsync<long>($"select count(*) from pg_stats where schemaname = '{_schema}' and tablename = 'entries' and attname in ('body', 'sender', 'command')"));
        Assert.Equal(1, await _server.ScalarAsync<long>($"select count(*) from pg_stats where schemaname = '{_schema}' and tablename = 'entries' and attname = 'conv'"));
    }

    [Fact]
    public async Task A_newer_schema_is_refused()
    {
        await (await OpenAsync()).DisposeAsync();
        await _server.ExecuteAsync($"insert into {_schema}.schema_version (version, name) values (99, 'future')");
        var fault = await Assert.ThrowsAsync<ChatStoreException>(() => OpenAsync());
        Assert.False(fault.IsTransient);
        Assert.Contains("newer ChatKit (version 99", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_older_server_is_refused()
    {
        Assert.Contains("14 or later", Assert.Throws<ChatStoreException>(() => SchemaKeeper.CheckVersion(new Version(13, 9))).Message, StringComparison.Ordinal);
        SchemaKeeper.CheckVersion(new Version(14, 0));
    }

    [Fact]
    public async Task A_database_of_another_encoding_is_refused()
    {
        var name = await _server.CreateDatabaseAsync("encoding 'SQL_ASCII' template template0 lc_collate 'C' lc_ctype 'C'");
        var fault = await Assert.ThrowsAsync<ChatStoreException>(() => OpenStore.OpenAsync(_server.ConnectionString(name), "chatkit"));
        Assert.Contains("encoding UTF8", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>docs/postgres.md: what a role needs that neither owns the schema nor may change it.</summary>
    [Fact]
    public async Task A_role_that_may_only_use_the_tables_is_enough()
    {
        await _server.ExecuteAsync(PostgresSchema.Script(_schema));
        await _server.ExecuteAsync($"""
            create role {_schema}_host login;
            grant usage on schema {_schema} to {_schema}_host;
            grant select, insert, update, delete on all tables in schema {_schema} to {_schema}_host;
            grant usage, select on all sequences in schema {_schema} to {_schema}_host;
            """);
        await using (var store = await OpenStore.OpenAsync(
            _server.ConnectionString(more: $"Username={_schema}_host"), _schema, configure: options => options.Migrate = false))
        {
            var chat = await Chat.CreateAsync(store.Messages);
            await chat.SendAsync();
            Assert.Equal(2, (await store.Messages.ReadFeedAsync(0, 10, Token)).Items.Count);
            Assert.NotNull(await store.Get<IAssetStore>().WriteAsync(new AssetId("a"), "text/plain", new MemoryStream([1]), 9, Token));
        }

        await _server.ExecuteAsync($"drop owned by {_schema}_host; drop role {_schema}_host");
    }

    /// <summary>Rule 12: a copy of the database is another incarnation, and stays the same afterwards.</summary>
    [Fact]
    public async Task A_copy_is_another_incarnation()
    {
        var original = await _server.CreateDatabaseAsync();
        var first = await IncarnationAsync(original);
        Assert.Equal(first, await IncarnationAsync(original));
        var copy = await _server.CreateDatabaseAsync($"template {original}");
        var second = await IncarnationAsync(copy);
        Assert.NotEqual(first, second);
        Assert.Equal(second, await IncarnationAsync(copy));

        async Task<string> IncarnationAsync(string database)
        {
            await using var store = await OpenStore.OpenAsync(_server.ConnectionString(database, "Pooling=false"), "chatkit");
            return (await store.Get<IStoreIdentity>().GetInfoAsync(Token)).Incarnation;
        }
    }

    [Theory]
    [InlineData("Host=x;Password=secret;Nonsense=1", "chatkit", "cannot be read")]
    [InlineData("Database=x;Password=secret", "chatkit", "names no Host")]
    [InlineData("Host=x;Password=secret", "Chat Kit", "no name of a schema")]
    public async Task Wrong_settings_are_refused_with_the_fix(string connection, string schema, string expected)
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => OpenStore.OpenAsync(connection, schema));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_out_of_range_is_refused()
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => OpenAsync(options => options.CommandTimeout = TimeSpan.Zero));
        Assert.Contains("CommandTimeout is 00:00:00: set it to 00:00:01", fault.Message, StringComparison.Ordinal);
    }

    private Task<OpenStore> OpenAsync(Action<PostgresOptions>? configure = null) =>
        OpenStore.OpenAsync(_server.ConnectionString(), _schema, configure: configure);
}
