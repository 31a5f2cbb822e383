using System.Globalization;
using ChatKit.Client.Store;

namespace ChatKit.Client.Tests.Stores;

/// <summary>What only files can suffer.</summary>
public sealed class FileStoreTests : IDisposable
{
    private const long CompactAbove = 20_000;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("chatkit-file-");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Journal => Path.Combine(folder.FullName, "journal");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_second_opening_is_refused_and_the_way_out_named()
    {
        await using (var first = await OpenAsync())
        {
            var refused = await Assert.ThrowsAsync<ClientStoreException>(OpenAsync);
            Assert.Equal(ClientStoreFault.InUse, refused.Fault);
            Assert.Contains("end that first", refused.Message, StringComparison.Ordinal);
            await first.WriteAsync([StoreTests.Put("a", "1")], Cancelled);
        }

        await using var next = await OpenAsync();
        Assert.Equal(["a=1"], await StoreTests.AllAsync(next));
    }

    [Fact]
    public async Task Only_the_owner_can_read_it()
    {
        await using var store = await FileClientStore.OpenAsync(Path.Combine(folder.FullName, "new", "deep"), Cancelled);
        if (!OperatingSystem.IsWindows())
        {
            var mode = File.GetUnixFileMode(Path.Combine(folder.FullName, "new", "deep", "journal"));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(Path.Combine(folder.FullName, "new", "deep")) & (UnixFileMode.OtherRead | UnixFileMode.GroupRead));
        }
    }

    [Fact]
    public async Task A_last_write_cut_at_any_byte_is_taken_back_and_all_before_it_stays()
    {
        await WriteAsync(["a", "b"], ["c"]);
        var before = new FileInfo(Journal).Length;
        await WriteAsync(["d", "e"]);
        var whole = await File.ReadAllBytesAsync(Journal, Cancelled);
        for (var cut = before; cut < whole.Length; cut++)
        {
            await File.WriteAllBytesAsync(Journal, whole[..(int)cut], Cancelled);
            await using (var store = await OpenAsync())
            {
                Assert.Equal(["a=a", "b=b", "c=c"], await StoreTests.AllAsync(store));
                Assert.Equal(before, new FileInfo(Journal).Length);
                await store.WriteAsync([StoreTests.Put("f", "f")], Cancelled);
            }

            await using var again = await OpenAsync();
            Assert.Equal(["a=a", "b=b", "c=c", "f=f"], await StoreTests.AllAsync(again));
        }
    }

    [Fact]
    public async Task Damage_to_what_was_flushed_is_never_silent()
    {
        await WriteAsync(["a", "b"], ["c"]);
        var last = new FileInfo(Journal).Length;
        await WriteAsync(["d"]);
        var whole = await File.ReadAllBytesAsync(Journal, Cancelled);
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 0x5a;
            await File.WriteAllBytesAsync(Journal, damaged, Cancelled);
            if (at < last)
            {
                var refused = await Assert.ThrowsAsync<ClientStoreException>(OpenAsync);
                Assert.True(refused.Fault == ClientStoreFault.Damaged, $"byte {at}: {refused.Fault}");
                Assert.Contains("Move its folder away", refused.Message, StringComparison.Ordinal);
                Assert.Equal(damaged, await File.ReadAllBytesAsync(Journal, Cancelled));
            }
            else
            {
                // The last frame: nobody can tell it from a write that was cut off.
                await using var store = await OpenAsync();
                Assert.Equal(["a=a", "b=b", "c=c"], await StoreTests.AllAsync(store));
            }
        }
    }

    [Fact]
    public void Damage_to_a_rewritten_file_is_never_silent_nor_is_its_loss()
    {
        var disk = new StoreFolder(folder.FullName);
        using (var journal = new Journal(disk, 500))
        {
            while (!IsRewritten())
            {
                journal.Append([[StoreTests.Put("a", new string('a', 70)), StoreTests.Put("b", new string('b', 70))]]);
            }
        }

        var whole = File.ReadAllBytes(Journal);
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 0x5a;
            File.WriteAllBytes(Journal, damaged);
            Assert.Equal(ClientStoreFault.Damaged, Assert.Throws<ClientStoreException>(() => new Journal(disk, 500)).Fault);
            File.WriteAllBytes(Journal, whole[..at]);
            Assert.Equal(ClientStoreFault.Damaged, Assert.Throws<ClientStoreException>(() => new Journal(disk, 500)).Fault);
        }

        bool IsRewritten() => BitConverter.ToInt64(File.ReadAllBytes(Journal), 20) == new FileInfo(Journal).Length && new FileInfo(Journal).Length > JournalFormat.HeaderSize;
    }

    [Fact]
    public async Task A_length_out_of_nowhere_takes_no_memory()
    {
        await WriteAsync(["a"]);
        var whole = await File.ReadAllBytesAsync(Journal, Cancelled);
        byte[] torn = [.. whole, .. whole[12..20], 0xff, 0xff, 0xff, 0x7f, .. new byte[12]];
        await File.WriteAllBytesAsync(Journal, torn, Cancelled);
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var journal = new Journal(new StoreFolder(folder.FullName), CompactAbove);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Equal("a", Assert.Single(journal.ReadAll()).Key);
    }

    [Fact]
    public async Task A_later_format_is_refused()
    {
        await WriteAsync(["a"]);
        var bytes = await File.ReadAllBytesAsync(Journal, Cancelled);
        JournalFormat.WriteHeader(bytes, bytes.AsSpan(12, 8).ToArray(), JournalFormat.HeaderSize, JournalFormat.Version + 1);
        await File.WriteAllBytesAsync(Journal, bytes, Cancelled);
        Assert.Equal(ClientStoreFault.NewerVersion, (await Assert.ThrowsAsync<ClientStoreException>(OpenAsync)).Fault);
    }

    [Fact]
    public async Task Keys_and_changes_have_a_size()
    {
        await using var store = await OpenAsync();
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.WriteAsync([StoreTests.Put("", "x")], Cancelled));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.WriteAsync([StoreTests.Put(new string('ü', 1025), "x")], Cancelled));
        var refused = await Assert.ThrowsAsync<ClientStoreException>(async () =>
            await store.WriteAsync([new("a", new byte[JournalFormat.MaxPayload]), StoreTests.Put("b", "x")], Cancelled));
        Assert.Equal(ClientStoreFault.TooLarge, refused.Fault);
        Assert.Empty(await store.LoadAsync(Cancelled));
    }

    [Fact]
    public async Task The_file_stays_small_and_its_content_right_however_often_it_is_rewritten()
    {
        var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var random = new Random(5);
        for (var process = 0; process < 5; process++)
        {
            await using var store = await FileClientStore.OpenAsync(new StoreFolder(folder.FullName), CompactAbove, Cancelled);
            for (var i = 0; i < 200; i++)
            {
                var key = $"k{random.Next(20):d2}";
                var value = new string((char)('a' + random.Next(26)), random.Next(600));
                await store.WriteAsync([random.Next(5) == 0 ? new(key, null) : StoreTests.Put(key, value)], Cancelled);
                expected.Remove(key);
                if ((await store.LoadAsync(Cancelled)).Any(r => r.Key == key))
                {
                    expected[key] = value;
                }
            }

            Assert.Equal(expected.Select(e => $"{e.Key}={e.Value}"), await StoreTests.AllAsync(store));
            Assert.InRange(new FileInfo(Journal).Length, 1, CompactAbove + 1000);
            Assert.False(File.Exists(Journal + ".new"));
        }
    }

    [Fact]
    public async Task Many_writes_at_once_share_a_flush()
    {
        var disk = new FaultyFolder(folder.FullName);
        await using var store = await FileClientStore.OpenAsync(disk, CompactAbove, Cancelled);
        var before = disk.Flushes;
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => store.WriteAsync([StoreTests.Put($"{i}", "x")], Cancelled).AsTask()));
        Assert.InRange(disk.Flushes - before, 1, 100);
        Assert.Equal(200, (await store.LoadAsync(Cancelled)).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_full_disk_refuses_the_change_keeps_the_others_and_works_again_with_room(bool cannotEvenBeCut)
    {
        var disk = new FaultyFolder(folder.FullName);
        await using (var store = await FileClientStore.OpenAsync(disk, CompactAbove, Cancelled))
        {
            await store.WriteAsync([StoreTests.Put("a", "1")], Cancelled);
            disk.Room = 30;
            disk.FailTruncate = cannotEvenBeCut;
            var refused = await Assert.ThrowsAsync<ClientStoreException>(async () => await store.WriteAsync([StoreTests.Put("b", "2")], Cancelled));
            Assert.Equal(ClientStoreFault.Failed, refused.Fault);
            Assert.Contains("free space", refused.Message, StringComparison.Ordinal);
            Assert.Equal(["a=1"], await StoreTests.AllAsync(store));
            disk.Room = long.MaxValue;
            disk.FailTruncate = false;
            await store.WriteAsync([StoreTests.Put("c", "3")], Cancelled);
        }

        await using var next = await OpenAsync();
        Assert.Equal(["a=1", "c=3"], await StoreTests.AllAsync(next));
    }

    [Fact]
    public async Task After_a_failed_flush_nothing_is_built_on_what_may_not_be_there()
    {
        var disk = new FaultyFolder(folder.FullName);
        await using (var store = await FileClientStore.OpenAsync(disk, CompactAbove, Cancelled))
        {
            await store.WriteAsync([StoreTests.Put("a", "1")], Cancelled);
            disk.FailFlush = true;
            await Assert.ThrowsAsync<ClientStoreException>(async () => await store.WriteAsync([StoreTests.Put("b", "2")], Cancelled));
            await Assert.ThrowsAsync<ClientStoreException>(async () => await store.WriteAsync([StoreTests.Put("b", "2")], Cancelled));
            disk.FailFlush = false;
            var marker = (await File.ReadAllBytesAsync(Journal, Cancelled))[12..20];
            await store.WriteAsync([StoreTests.Put("c", "3")], Cancelled);
            Assert.NotEqual(marker, (await File.ReadAllBytesAsync(Journal, Cancelled))[12..20]); // a new file
        }

        await using var next = await OpenAsync();
        Assert.Equal(["a=1", "c=3"], await StoreTests.AllAsync(next));
    }

    /// <summary>The file as it may be after the power went: what was flushed, and of the rest any parts, in any order.</summary>
    [Fact]
    public void Two_hundred_power_cuts_lose_nothing_that_was_promised()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var promised = new SortedDictionary<string, string>(StringComparer.Ordinal);
            var disk = new FaultyFolder(folder.FullName) { Buffers = true };
            using (var journal = new Journal(new StoreFolder(folder.FullName), CompactAbove))
            {
                journal.Append([[.. journal.ReadAll().Select(static r => new ClientRecord(r.Key, null)), new("start", Array.Empty<byte>())]]);
                promised["start"] = "";
            }

            var open = new Journal(disk, 3_000);
            var rounds = random.Next(1, 30);
            for (var i = 0; i < rounds; i++)
            {
                var key = $"k{random.Next(8)}";
                var value = string.Create(CultureInfo.InvariantCulture, $"{seed}-{i}-{new string('v', random.Next(200))}");
                open.Append([[StoreTests.Put(key, value)], [StoreTests.Put("round", value)]]);
                promised[key] = promised["round"] = value;
            }

            // The last write, which nobody was promised: written, not flushed.
            disk.FailFlush = disk.FailTruncate = true;
            Assert.Throws<ClientStoreException>(() => open.Append([[StoreTests.Put("lost", "1"), StoreTests.Put("lost too", "1")], [StoreTests.Put("lost3", "1")]]));
            open.Dispose();
            CutPower(disk, random);

            using var after = new Journal(new StoreFolder(folder.FullName), 3_000);
            var found = after.ReadAll().ToDictionary(static r => r.Key, static r => System.Text.Encoding.UTF8.GetString(r.Value!.Value.Span), StringComparer.Ordinal);
            Assert.True(promised.All(p => found.GetValueOrDefault(p.Key) == p.Value), $"seed {seed}");
            Assert.True(found.ContainsKey("lost") == found.ContainsKey("lost too"), $"seed {seed}: half a change");
            Assert.Empty(found.Keys.Except(promised.Keys).Except(["lost", "lost too", "lost3"]));
        }
    }

    private void CutPower(FaultyFolder disk, Random random)
    {
        using var file = File.OpenHandle(Journal, FileMode.Open, FileAccess.ReadWrite);
        foreach (var (offset, bytes) in disk.Unflushed.OrderBy(_ => random.Next()))
        {
            if (random.Next(3) > 0)
            {
                var from = random.Next(bytes.Length);
                RandomAccess.Write(file, bytes.AsSpan(from, random.Next(1, bytes.Length - from + 1)), offset + from);
            }
        }
    }

    private Task<FileClientStore> OpenAsync() => FileClientStore.OpenAsync(folder.FullName, Cancelled);

    private async Task WriteAsync(params string[][] batches)
    {
        await using var store = await OpenAsync();
        foreach (var batch in batches)
        {
            await store.WriteAsync([.. batch.Select(key => StoreTests.Put(key, key))], Cancelled);
        }
    }
}
