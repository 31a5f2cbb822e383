namespace ChatKit.Storage.Testing.Tests;

/// <summary>A store with one fault, and the tests that must fail on it.</summary>
/// <param name="Name">The fault.</param>
/// <param name="Suite">The suite.</param>
/// <param name="Create">Makes the store.</param>
/// <param name="CaughtBy">The tests.</param>
internal sealed record BrokenStore(string Name, Type Suite, Func<TimeProvider, StorageHarness> Create, params string[] CaughtBy);
