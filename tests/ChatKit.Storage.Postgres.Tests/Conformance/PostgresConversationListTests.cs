using ChatKit.Storage.Testing;

namespace ChatKit.Storage.Postgres.Tests.Conformance;

public sealed class PostgresConversationListTests : ConversationListConformance
{
    protected override ValueTask<StorageHarness> CreateAsync(TimeProvider timeProvider) => PostgresHarness.CreateAsync(timeProvider);
}
