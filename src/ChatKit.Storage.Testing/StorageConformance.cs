using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

/// <summary>The base of all conformance suites: it makes a store before each test and disposes it after. An adapter's test class
/// inherits a suite, overrides <see cref="CreateAsync"/>, and inherits the tests with it.</summary>
public abstract class StorageConformance : IAsyncLifetime
{
    private StorageHarness? _harness;
    private HangGuard? _guard;

    private protected StorageConformance()
    {
    }

    private protected SettableClock Clock { get; } = new();

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Opens the store of one test.</summary>
    /// <param name="timeProvider">The clock the store must go by (see <see cref="StorageHarness.FollowsTimeProvider"/>). Only its
    /// time is virtual and may be set back; timers made with it run in real time.</param>
    /// <returns>A harness over an empty storage that nobody else uses while the test runs.</returns>
    protected abstract ValueTask<StorageHarness> CreateAsync(TimeProvider timeProvider);

    /// <summary>Makes the store. Called by xunit before each test.</summary>
    /// <returns>A task that completes when the store is open.</returns>
    public virtual async ValueTask InitializeAsync()
    {
        _guard = new HangGuard(TestContext.Current.Test?.TestDisplayName ?? GetType().Name);
        _harness = await CreateAsync(Clock);
    }

    /// <summary>Disposes the store. Called by xunit after each test.</summary>
    /// <returns>A task that completes when the store is closed.</returns>
    public virtual async ValueTask DisposeAsync()
    {
        if (_harness is { } harness)
        {
            _harness = null;
            await harness.DisposeAsync().AsTask().WaitAsync(Limits.Test);
        }

        _guard?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The plug the suite is about; a harness without it is a mistake of the author.</summary>
    private protected T Plug<T>()
        where T : class => Harness.Find<T>()
            ?? throw new InvalidOperationException($"The harness has no {typeof(T).Name}: give CreateAsync's harness an object that implements it.");

    /// <summary>A role beside the plug, which a store may lack: the test is skipped then.</summary>
    private protected T Role<T>()
        where T : class
    {
        var role = Harness.Find<T>();
        Assert.SkipWhen(role is null, $"The harness has no {typeof(T).Name}.");
        return role!;
    }

    /// <summary>The same, or null.</summary>
    private protected T? FindRole<T>()
        where T : class => Harness.Find<T>();

    private protected StorageWorkerProcess? FindWorker() => Harness.Worker;

    private protected void NeedsVirtualClock() =>
        Assert.SkipUnless(Harness.FollowsTimeProvider, "The store does not go by the test's clock.");

    /// <summary>The store's clock, if it is the test's.</summary>
    private protected SettableClock? VirtualClock => Harness.FollowsTimeProvider ? Clock : null;

    /// <summary>Closes the store and opens it again, if it is durable.</summary>
    private protected Func<Task>? ReopenIfDurable => Harness.Reopen is null ? null : async () => await ReopenAsync();

    private protected async ValueTask ReopenAsync()
    {
        var reopen = Harness.Reopen;
        Assert.SkipWhen(reopen is null, "The adapter is not durable.");
        _harness = await reopen!();
    }

    private StorageHarness Harness => _harness ?? throw new InvalidOperationException("The store is not open.");
}
