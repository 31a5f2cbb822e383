namespace ChatKit.Storage.Testing.Tests.Suites;

/// <summary>The suite over a store given at run time; internal, so that the runner does not find it.</summary>
internal sealed class ConversationListSuite(Func<TimeProvider, StorageHarness> create) : ConversationListConformance
{
    protected override ValueTask<StorageHarness> CreateAsync(TimeProvider timeProvider) => ValueTask.FromResult(create(timeProvider));
}
