using System.Globalization;
using System.Text.Json;
using ChatKit.Client.Tests.Fakes;
using ChatKit.Client.Tests.Hosting;

namespace ChatKit.Client.Tests;

/// <summary>An app with a file store is killed (kill -9) while it sends and receives. <c>CHATKIT_CLIENT_KILLS</c> says how often (24),
/// <c>CHATKIT_CLIENT_SEED</c> replays a seed.</summary>
public sealed class KillTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("chatkit-kill-");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Rules_5_6_and_8_hold_through_kills_at_any_moment()
    {
        var kills = Number("CHATKIT_CLIENT_KILLS", 24);
        var seed = Number("CHATKIT_CLIENT_SEED", 20261);
        TestContext.Current.SendDiagnosticMessage("CHATKIT_CLIENT_SEED={0} CHATKIT_CLIENT_KILLS={1}", seed, kills);
        var random = new Random(seed);
        await using var host = await RealHost.StartAsync();
        await using var peer = host.Client("peer");
        await peer.StartAsync(Cancelled);

        // A new device starts at the last entry: it comes before the conversations.
        using (var first = Start(host, "-", "new", seed))
        {
            Assert.Equal("connected", await first.ReadAsync());
            await first.KillAsync();
        }

        ConversationId[] places =
        [
            await host.CreateGroupAsync("peer", "victim"),
            (await (await peer.Direct("victim").SendAsync("hello", Cancelled)).Accepted.WaitAsync(FakeServer.Patience, Cancelled)).Conversation,
        ];
        var run = new Run(host, peer, places, random);
        for (var kill = 0; kill < kills; kill++)
        {
            using var victim = Start(host, places[0].Value, $"{kill}", random.Next());
            for (var lines = random.Next(1, 60); lines > 0; lines--)
            {
                run.Take(await victim.ReadAsync());
                await run.PeerActsAsync();
            }

            foreach (var line in await victim.KillAsync())
            {
                run.Take(line);
            }

            await run.CheckAsync(folder.FullName);
        }

        using (var last = Start(host, places[0].Value, "last", seed))
        {
            await UntilAsync(last, "drained", run);
            foreach (var place in places)
            {
                await host.SendAsync("peer", place, "end");
            }

            await UntilAsync(last, "done", run);
            Assert.Equal(0, await last.EndAsync());
        }

        await run.CheckTheEndAsync(folder.FullName);
        Assert.True(run.Queued > kills * 5, $"only {run.Queued} were sent");
        Assert.True(run.Received > kills, $"only {run.Received} were received while it lived");
    }

    [Fact]
    public async Task A_second_process_on_the_store_is_refused_until_the_first_is_dead()
    {
        await using var host = await RealHost.StartAsync();
        using var first = Start(host, "-", "new", 1);
        Assert.Equal("connected", await first.ReadAsync());
        using (var second = Start(host, "-", "new", 2))
        {
            Assert.StartsWith($"InUse The store in {folder.FullName} is open in another process", await second.ReadAsync(), StringComparison.Ordinal);
            Assert.Equal(3, await second.EndAsync());
        }

        Assert.Equal(ClientStoreFault.InUse, (await Assert.ThrowsAsync<ClientStoreException>(() => FileClientStore.OpenAsync(folder.FullName, Cancelled))).Fault);
        await first.KillAsync();
        await using var store = await FileClientStore.OpenAsync(folder.FullName, Cancelled);
        Assert.Contains(await store.LoadAsync(Cancelled), r => r.Key == "client");
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static async Task UntilAsync(VictimProcess victim, string wanted, Run run)
    {
        while (await victim.ReadAsync() is var line && line != wanted)
        {
            run.Take(line);
        }
    }

    private VictimProcess Start(RealHost host, string group, string run, int seed) => new(host.Server, folder.FullName, group, run, seed);

    /// <summary>What everybody said, and what must follow from it.</summary>
    private sealed class Run(RealHost host, ChatClient peer, ConversationId[] places, Random random)
    {
        private readonly List<string>[] queued = [[], []];
        private readonly Dictionary<string, long> acknowledged = [];
        private readonly Dictionary<string, long> persisted = [];
        private readonly List<(int Place, long Seq)> own = [];
        private int said;

        public int Queued => queued.Sum(static q => q.Count);

        public int Received { get; private set; }

        public void Take(string? line)
        {
            switch (line?.Split(' '))
            {
                case ["queued", var place, var text]:
                    queued[place[0] - '0'].Add(text);
                    break;
                case ["got", _]:
                    Received++;
                    break;
                case var other:
                    Assert.Fail($"The victim says: {string.Join(' ', other ?? ["nothing, it ended"])}");
                    break;
            }
        }

        /// <summary>The peer writes, edits and deletes, as fast as the victim speaks.</summary>
        public async Task PeerActsAsync()
        {
            var place = random.Next(2);
            var conversation = peer.Conversation(places[place]);
            switch (random.Next(6))
            {
                case 0 or 1:
                    var sent = await (await conversation.SendAsync($"peer {said++}", Cancelled)).Accepted.WaitAsync(FakeServer.Patience, Cancelled);
                    own.Add((place, sent.Seq));
                    break;
                case 2 when own.Count > 0:
                    var (where, seq) = own[random.Next(own.Count)];
                    own.Remove((where, seq));
                    await (random.Next(2) == 0
                        ? peer.Conversation(places[where]).DeleteAsync(seq, Cancelled)
                        : peer.Conversation(places[where]).EditAsync(seq, $"edited {said++}", Cancelled)).WaitAsync(FakeServer.Patience, Cancelled);
                    break;
            }
        }

        public async Task CheckAsync(string folder)
        {
            var device = new DeviceId(new UserId("victim"), "phone");
            foreach (var cursor in await host.Service<IRelayQueue>().GetCursorsAsync(device, Cancelled))
            {
                Forward(acknowledged, cursor.Conversation.Value, cursor.Delivered);
            }

            await using var store = await FileClientStore.OpenAsync(folder, Cancelled);
            foreach (var record in (await store.LoadAsync(Cancelled)).Where(static r => r.Key.StartsWith("p/", StringComparison.Ordinal)))
            {
                Forward(persisted, record.Key.Split('/')[2], JsonDocument.Parse(record.Value!.Value).RootElement.GetProperty("seq").GetInt64());
            }

            Assert.All(acknowledged, a => Assert.True(persisted.GetValueOrDefault(a.Key) >= a.Value, $"{a.Key}: acknowledged {a.Value}, persisted less"));
            await using var offline = host.Client("victim", store);
            await offline.LoadAsync(Cancelled);
            for (var place = 0; place < places.Length; place++)
            {
                var log = await host.LogAsync("peer", places[place]);
                var cached = offline.Conversation(places[place]).CachedMessages;
                var there = cached.Select(static m => m.Seq).ToHashSet();
                Assert.Empty(log.Where(e => e.Seq <= persisted.GetValueOrDefault(places[place].Value) && !there.Contains(e.Seq)));

                // What the app was told is queued is in the log or still in the outbox.
                var known = log.Select(static e => e.Text).Concat(cached.Where(static m => m.Status == MessageStatus.Pending).Select(static m => m.Text)).ToHashSet();
                Assert.Empty(queued[place].Where(text => !known.Contains(text)));
            }
        }

        public async Task CheckTheEndAsync(string folder)
        {
            await CheckAsync(folder);
            await using var store = await FileClientStore.OpenAsync(folder, Cancelled);
            await using var offline = host.Client("victim", store);
            await offline.LoadAsync(Cancelled);
            for (var place = 0; place < places.Length; place++)
            {
                var log = await host.LogAsync("peer", places[place]);
                var sent = log.Where(static e => e.From == "victim").Select(static e => e.Text!).ToList();
                Assert.Equal(sent.Distinct(), sent);
                Assert.Equal(sent.OrderBy(static t => int.Parse(t.Split(':')[0], CultureInfo.InvariantCulture))
                    .ThenBy(static t => int.Parse(t.Split(':')[1], CultureInfo.InvariantCulture)), sent);
                Assert.Empty(queued[place].Except(sent));
                Assert.Equal(log, offline.Conversation(places[place]).CachedMessages.Select(static m => (m.Seq, m.Text, m.From!.Value.Value)));
            }
        }

        private static void Forward(Dictionary<string, long> positions, string conversation, long seq)
        {
            Assert.True(seq >= positions.GetValueOrDefault(conversation), $"{conversation}: {positions.GetValueOrDefault(conversation)} became {seq}");
            positions[conversation] = seq;
        }
    }
}
