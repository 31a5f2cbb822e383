namespace ChatKit.Storage.Testing.Tests.Suites;

/// <summary>The suite over a store given at run time; internal, so that the runner does not find it.</summary>
internal sealed class DeviceDirectorySuite(Func<TimeProvider, StorageHarness> create) : DeviceDirectoryConformance
{
    protected override ValueTask<StorageHarness> CreateAsync(TimeProvider timeProvider) => ValueTask.FromResult(create(timeProvider));
}
