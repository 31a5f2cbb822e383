using System.Text;
using ChatKit.Client.Store;
using ChatKit.Client.Tests.Fakes;

namespace ChatKit.Client.Tests.Stores;

/// <summary>What every store promises.</summary>
public sealed class StoreTests
{
    public static TheoryData<string> Kinds => ["memory", "file"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_was_written_is_there_for_the_next_process(string kind)
    {
        await using var place = new TestStore(kind);
        var store = await place.OpenAsync();
        Assert.Empty(await store.LoadAsync(Cancelled));
        await store.WriteAsync([Put("a", "1"), Put("b/ü\n", "2"), Put("c", ""), Put("d", "x"), Put("d", "y")], Cancelled);
        await store.WriteAsync([new("b/ü\n", null), new("missing", null), Put("a", "3")], Cancelled);
        await store.WriteAsync([], Cancelled);
        Assert.Equal(["a=3", "c=", "d=y"], await AllAsync(store));
        store = await place.OpenAsync();
        Assert.Equal(["a=3", "c=", "d=y"], await AllAsync(store));
        await store.WriteAsync([Put("e", new string('z', 200_000))], Cancelled);
        Assert.Equal(200_002, (await AllAsync(await place.OpenAsync()))[^1].Length);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Overlapping_writes_take_effect_in_the_order_of_the_calls(string kind)
    {
        await using var place = new TestStore(kind);
        var store = await place.OpenAsync();
        var writes = new List<Task>();
        for (var i = 0; i < 500; i++)
        {
            writes.Add(store.WriteAsync([Put("same", $"{i}"), Put($"own{i % 50:d2}", $"{i}")], Cancelled).AsTask());
        }

        await Task.WhenAll(writes).WaitAsync(FakeServer.Patience, Cancelled);
        var all = await AllAsync(await place.OpenAsync());
        Assert.Equal(51, all.Count);
        Assert.Equal("same=499", all[^1]);
        Assert.Equal("own07=457", all[7]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_bytes_are_the_stores_own(string kind)
    {
        await using var place = new TestStore(kind);
        var store = await place.OpenAsync();
        var bytes = "before"u8.ToArray();
        await store.WriteAsync([new("a", bytes)], Cancelled);
        bytes[0] = (byte)'X';
        Assert.Equal(["a=before"], await AllAsync(store));
    }

    internal static ClientRecord Put(string key, string value) => new(key, Encoding.UTF8.GetBytes(value));

    internal static async Task<List<string>> AllAsync(IClientStore store) =>
        [.. (await store.LoadAsync(Cancelled)).Select(r => $"{r.Key}={Encoding.UTF8.GetString(r.Value!.Value.Span)}").Order(StringComparer.Ordinal)];
}
