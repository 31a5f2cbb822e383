namespace ChatKit.Storage.Testing.Tests;

/// <summary>A store with one fault, and the tests that must fail on it.</summary>
/// <param name="Name">The fault.</param>
/// <param name="Suite">The suite.</param>
/// <param name="Create">Makes the store.</param>
/// <param name="CaughtBy">The tests.</param>
internal sealed record BrokenStore(string Name, Type Suite, Func<TimeProvider, StorageHarness> Create, params string[] CaughtBy)
{
    /// <summary>Within how many steps the random sequences show the fault, once shortened; null where they are not asked to.</summary>
    public int? WithinSteps { get; init; }

    /// <summary>The store without the fault.</summary>
    public Func<TimeProvider, StorageHarness> Right { get; init; } = RightStores.All[Suite];
}
