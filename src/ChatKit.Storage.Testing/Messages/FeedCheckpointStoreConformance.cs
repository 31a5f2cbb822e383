using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

/// <summary>What every <see cref="IFeedCheckpointStore"/> does.</summary>
public abstract class FeedCheckpointStoreConformance : StorageConformance
{
    private IFeedCheckpointStore Store => Plug<IFeedCheckpointStore>();

    /// <summary>A consumer that never saved has no position; one at 0 has.</summary>
    [Fact]
    public async Task A_position_is_null_until_it_is_saved()
    {
        Assert.Null(await Store.GetCheckpointAsync("search", Token));
        await Store.SaveCheckpointAsync("search", 0, Token);
        Assert.Equal(0, await Store.GetCheckpointAsync("search", Token));
        await Store.SaveCheckpointAsync("search", long.MaxValue, Token);
        Assert.Equal(long.MaxValue, await Store.GetCheckpointAsync("search", Token));
    }

    /// <summary>Rule 10: an older position is ignored.</summary>
    [Fact]
    public async Task A_position_never_goes_back()
    {
        await Store.SaveCheckpointAsync("search", 7, Token);
        await Store.SaveCheckpointAsync("search", 5, Token);
        Assert.Equal(7, await Store.GetCheckpointAsync("search", Token));
        await Store.SaveCheckpointAsync("search", 9, Token);
        Assert.Equal(9, await Store.GetCheckpointAsync("search", Token));
    }

    /// <summary>Consumers are told apart by every byte of their names.</summary>
    [Fact]
    public async Task Consumers_are_compared_ordinally()
    {
        for (var n = 0; n < Texts.Alike.Count; n++)
        {
            await Store.SaveCheckpointAsync(Texts.Alike[n], n, Token);
        }

        for (var n = 0; n < Texts.Alike.Count; n++)
        {
            Assert.Equal(n, await Store.GetCheckpointAsync(Texts.Alike[n], Token));
        }
    }

    /// <summary>A position below 0 is none, and a name has 1 to 128 bytes.</summary>
    [Fact]
    public async Task What_is_out_of_bounds_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Store.SaveCheckpointAsync("search", -1, Token));
        foreach (var consumer in new[] { "", new string('x', 129), new string('\u00e9', 65) })
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.SaveCheckpointAsync(consumer, 1, Token));
            await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.GetCheckpointAsync(consumer, Token));
        }

        Assert.Null(await Store.GetCheckpointAsync("search", Token));
    }

    /// <summary>Saves that race leave the highest.</summary>
    [Fact]
    public async Task Racing_saves_leave_the_highest()
    {
        for (var round = 1; round <= 5; round++)
        {
            await Racing.RunAsync(8, async n =>
            {
                await Store.SaveCheckpointAsync("search", (round * 10) + n, Token);
                return n;
            });
            Assert.Equal((round * 10) + 7, await Store.GetCheckpointAsync("search", Token));
        }
    }

    /// <summary>Promise: a position outlives a restart.</summary>
    [Fact]
    public async Task A_position_outlives_a_restart()
    {
        await Store.SaveCheckpointAsync("search", 42, Token);
        await ReopenAsync();
        Assert.Equal(42, await Store.GetCheckpointAsync("search", Token));
    }
}
