using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.Storage.LiteDb.Tests;

/// <summary>The promise over all, under a power cut: <c>kill -9</c> leaves the page cache, so it cannot see a missing flush; this disk
/// drops, tears and reorders what was not flushed. A seed is replayed with <c>CHATKIT_POWER_SEED</c>, and
/// <c>CHATKIT_POWER_CUTS</c> sets how many cuts there are (200).</summary>
public sealed class PowerCutTests : IDisposable
{
    private const int CutsALife = 5;
    private readonly TestFolder _folder = new();

    private static int Cuts { get; } = int.Parse(Environment.GetEnvironmentVariable("CHATKIT_POWER_CUTS") ?? "200", CultureInfo.InvariantCulture);

    [Fact(Timeout = 300_000)]
    public async Task What_was_accepted_outlives_power_cuts_at_any_point_and_the_indexes_agree()
    {
        var seeds = Environment.GetEnvironmentVariable("CHATKIT_POWER_SEED") is { } seed
            ? [int.Parse(seed, CultureInfo.InvariantCulture)]
            : Enumerable.Range(1, Cuts / CutsALife);
        var during = new Dictionary<string, int>(StringComparer.Ordinal);
        var accepted = 0;
        foreach (var next in seeds)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            accepted += await LiveAsync(next, unflushed: null, during);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{accepted} entries accepted; cuts during: {string.Join(", ", during.OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Key} {pair.Value}"))}");
        if (Cuts >= 200 && during.Values.Sum() >= 200)
        {
            // The cuts did meet the moments that matter: each file's writes and flushes, and a checkpoint.
            Assert.Superset(
                new HashSet<string> { "write chat-log.db", "flush chat-log.db", "write chat.db", "flush chat.db", "write chat.db.lock", "flush chat.db.lock" },
                during.Keys.ToHashSet());
        }
    }

    /// <summary>A fault of the disk leaves LiteDB transactions whose finalizers would end the process: none may be left.</summary>
    [Fact]
    public async Task A_fault_of_the_disk_leaves_no_finalizer_that_throws()
    {
        Assert.True(Finalizers.Known);
        for (var seed = 1; seed <= 10; seed++)
        {
            await LiveAsync(seed, unflushed: null, []);
        }

        // An exception in a finalizer ends the test process.
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    /// <summary>The test proves itself: a file whose flush is left out is noticed.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData("chat-log.db")]
    [InlineData("chat.db.lock")]
    [InlineData("chat.db")]
    public async Task A_missing_flush_is_found_within_20_lives(string file)
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            try
            {
                await LiveAsync(seed, file, []);
            }
            catch (InvalidOperationException e) when (e.Message.StartsWith("Seed ", StringComparison.Ordinal))
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"found by seed {seed}: {e.Message}");
                return;
            }
        }

        Assert.Fail($"No seed noticed that {file} is never flushed.");
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>One database through several power cuts; returns how many entries it accepted.</summary>
    private async Task<int> LiveAsync(int seed, string? unflushed, Dictionary<string, int> during)
    {
        var random = new Random(seed);
        var witness = new Witness();
        var images = new Dictionary<string, DiskImage>(StringComparer.Ordinal);
        for (var cut = 0; cut < CutsALife; cut++)
        {
            // Early cuts fall into the opening, too; flushes are few, so some cuts are aimed at them.
            var (cutAt, atFlush) = random.Next(3) switch
            {
                0 => (random.Next(1, 30), false),
                1 => (random.Next(1, 150), true),
                _ => (random.Next(1, 600), false),
            };
            var disk = new FragileDisk(images, cutAt, atFlush) { Unflushed = unflushed };
            try
            {
                await WorkUntilCutAsync(disk, witness, seed, random);
                images = disk.AfterCut(random);
                using var store = Open(new FragileDisk(images, int.MaxValue));
                await witness.VerifyAsync(store);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw new InvalidOperationException($"Seed {seed}, cut {cut + 1}, during {disk.CutDuring}: {e.Message}", e);
            }

            during[disk.CutDuring!] = during.GetValueOrDefault(disk.CutDuring!) + 1;
        }

        var last = new FragileDisk(images, int.MaxValue);
        using var end = Open(last);
        await witness.ResendAsync(end);
        await witness.VerifyAsync(end);
        return witness.Accepted;
    }

    private async Task WorkUntilCutAsync(FragileDisk disk, Witness witness, int seed, Random random)
    {
        OpenStore store;
        try
        {
            store = Open(disk);
        }
        catch (ChatStoreException) when (disk.CutDuring is not null)
        {
            return;
        }

        // Now and then the host stops in good order, and the power goes while it closes, or afterwards.
        var rounds = random.Next(4) == 0 ? random.Next(1, 20) : int.MaxValue;
        var fault = await witness.WorkAsync(store, rounds, seed);
        if (fault is not null && disk.CutDuring is null)
        {
            throw new InvalidOperationException("A call failed while there was power.", fault);
        }

        store.Dispose();
    }

    private OpenStore Open(Disk disk) =>
        new(_folder.Database, configure: options => options.CheckpointPages = 100, services: services => services.AddSingleton(disk));
}
