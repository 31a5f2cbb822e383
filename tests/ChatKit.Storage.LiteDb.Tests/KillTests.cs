namespace ChatKit.Storage.LiteDb.Tests;

public sealed class KillTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The promise over all: what was reported as accepted is there after kill -9, at its Seq, in a dense log.</summary>
    [Fact]
    public async Task Kill_9_during_appends_loses_nothing_that_was_accepted()
    {
        var accepted = new Dictionary<(string Conversation, long Seq), string>();
        for (var round = 0; round < 5; round++)
        {
            using var victim = new Victim(_folder.Database, $"r{round}");
            foreach (var line in await victim.KillAfterAsync(200 + (97 * round), Token))
            {
                var parts = line.Split(' ');
                accepted[(parts[0], long.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture))] = parts[2];
            }

            using var store = new OpenStore(_folder.Database);
            await VerifyAsync(store.Messages, accepted);
        }

        Assert.True(accepted.Count > 1_000, $"only {accepted.Count} were accepted");
    }

    /// <summary>What an interrupted commit left behind what was acknowledged (here: rubbish, as torn pages are) is cut off.</summary>
    [Fact]
    public async Task A_torn_tail_of_the_log_is_cut_off()
    {
        IReadOnlyList<string> lines;
        using (var victim = new Victim(_folder.Database, "r0"))
        {
            lines = await victim.KillAfterAsync(100, Token);
        }

        await using (var log = new FileStream(_folder.Log, FileMode.Append))
        {
            var rubbish = new byte[3 * 8192];
            new Random(4711).NextBytes(rubbish);
            await log.WriteAsync(rubbish, Token);
        }

        using var store = new OpenStore(_folder.Database);
        var info = await store.Get<IStoreIdentity>().GetInfoAsync(Token);
        await VerifyAsync(store.Messages, lines.Select(line => line.Split(' ')).ToDictionary(
            parts => (parts[0], long.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture)), parts => parts[2]));
        var lane = new Chat(store.Messages, new ConversationId("lane-0"), Chat.Ann);
        Assert.Equal((await lane.ReadAsync()).Count + 1, (await lane.SendAsync()).Seq);
        Assert.True((await store.Get<IStoreIdentity>().GetInfoAsync(Token)).FeedEnd > info.FeedEnd);
    }

    /// <summary>A kill is no restore: clients keep their positions (rule 12).</summary>
    [Fact]
    public async Task The_incarnation_outlives_a_kill()
    {
        string before;
        using (var store = new OpenStore(_folder.Database))
        {
            before = (await store.Get<IStoreIdentity>().GetInfoAsync(Token)).Incarnation;
        }

        using (var victim = new Victim(_folder.Database, "r0"))
        {
            await victim.KillAfterAsync(50, Token);
        }

        using var again = new OpenStore(_folder.Database);
        Assert.Equal(before, (await again.Get<IStoreIdentity>().GetInfoAsync(Token)).Incarnation);
    }

    [Fact]
    public async Task A_second_process_is_refused_with_a_message_that_says_what_to_do()
    {
        using var store = new OpenStore(_folder.Database);
        using var victim = new Victim(_folder.Database, "open");
        var (exitCode, output) = await victim.WaitAsync(Token);
        Assert.Equal(3, exitCode);
        Assert.StartsWith("False The chat database", output, StringComparison.Ordinal);
        Assert.Contains("is already open in this or another process", output, StringComparison.Ordinal);
        Assert.Contains("serves one process", output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task VerifyAsync(IMessageStore store, Dictionary<(string Conversation, long Seq), string> accepted)
    {
        foreach (var lane in accepted.GroupBy(pair => pair.Key.Conversation))
        {
            var log = await new Chat(store, new ConversationId(lane.Key), Chat.Ann).ReadAsync();
            Assert.Equal(Enumerable.Range(1, log.Count).Select(n => (long)n), log.Select(entry => entry.Seq));
            Assert.All(lane, pair => Assert.Equal(pair.Value, log[(int)pair.Key.Seq - 1].Command.Value));
            Assert.Equal(log.Count(entry => entry.Header.Counts), await new Chat(store, new ConversationId(lane.Key), Chat.Ann).CountAsync());
        }
    }
}
