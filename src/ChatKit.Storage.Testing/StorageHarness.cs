namespace ChatKit.Storage.Testing;

/// <summary>The store a test works on: the plugs and roles of one adapter over one empty storage. The adapter's author makes one in
/// <see cref="StorageConformance.CreateAsync"/>; the suite disposes it after the test.</summary>
public sealed class StorageHarness : IAsyncDisposable
{
    private readonly IReadOnlyList<object> _plugs;

    /// <summary>Creates a harness.</summary>
    /// <param name="plugs">Objects that implement plugs and roles; an object may implement several, and the first that fits is taken.</param>
    /// <exception cref="ArgumentNullException"><paramref name="plugs"/> or one of them is null.</exception>
    public StorageHarness(params object[] plugs)
    {
        ArgumentNullException.ThrowIfNull(plugs);
        foreach (var plug in plugs)
        {
            ArgumentNullException.ThrowIfNull(plug, nameof(plugs));
        }

        _plugs = [.. plugs];
    }

    /// <summary>Closes the store and opens it again over the same storage, giving a new harness; the old one is not used any more
    /// and not disposed. Null (the default) says that the adapter is not durable: the tests that restart are skipped.</summary>
    public Func<ValueTask<StorageHarness>>? Reopen { get; init; }

    /// <summary>How to start another process on the same storage; null (the default) skips the tests that need one.</summary>
    public StorageWorkerProcess? Worker { get; init; }

    /// <summary>Closes the store and removes its storage; null (the default) when there is nothing to do.</summary>
    public Func<ValueTask>? Close { get; init; }

    /// <summary>Whether the store's clock is the <see cref="TimeProvider"/> given to <see cref="StorageConformance.CreateAsync"/>.
    /// True by default. False for a store that goes by its server's clock: the tests that need a virtual clock are skipped.</summary>
    public bool FollowsTimeProvider { get; init; } = true;

    /// <summary>Finds a plug or role.</summary>
    /// <typeparam name="T">The interface wanted.</typeparam>
    /// <returns>The first object that implements it, or null.</returns>
    public T? Find<T>()
        where T : class => _plugs.OfType<T>().FirstOrDefault();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Close?.Invoke() ?? ValueTask.CompletedTask;
}
