using ChatKit.InMemory;
using ChatKit.Storage.Testing.Tests.Suites;
using ChatKit.Storage.Testing.Journaling;

namespace ChatKit.Storage.Testing.Tests;

/// <summary>The in-memory adapters as right stores. Opening one again gives the same object, so the tests that restart run too.</summary>
internal static class RightStores
{
    public static IReadOnlyDictionary<Type, Func<TimeProvider, StorageHarness>> All { get; } = new Dictionary<Type, Func<TimeProvider, StorageHarness>>
    {
        [typeof(MessageStoreSuite)] = time => Durable(new InMemoryMessageStore(time)),
        [typeof(FeedCheckpointStoreSuite)] = time => Durable(new InMemoryMessageStore(time)),
        [typeof(ReceiptStoreSuite)] = _ => Durable(new InMemoryReceiptStore()),
        [typeof(UserStateStoreSuite)] = _ => Durable(new InMemoryUserStateStore()),
        [typeof(RelayQueueSuite)] = _ => Durable(new InMemoryRelayQueue()),
        [typeof(DeviceMailboxSuite)] = _ => Durable(new InMemoryRelayQueue()),
        [typeof(GroupDirectorySuite)] = _ => Durable(new InMemoryGroupDirectory()),
        [typeof(SessionRegistrySuite)] = time => Durable(new InMemorySessionRegistry(time)),
        [typeof(DeviceDirectorySuite)] = _ => Durable(new InMemoryDeviceDirectory()),
        [typeof(LastSeenStoreSuite)] = _ => Durable(new InMemoryLastSeenStore()),
        [typeof(ConversationListSuite)] = time => OwnList.Create(time),
        [typeof(AssetStoreSuite)] = _ => Durable(new InMemoryAssetStore()),
    };

    /// <summary>The right store of one test: those with a second process need one on a file.</summary>
    public static Func<TimeProvider, StorageHarness> Of(Type suite, string test) =>
        test is "Kill_9_during_appends_loses_nothing_that_was_accepted" or "Two_processes_append_side_by_side_or_the_second_is_refused"
            ? time => Journals.Create(JournalFault.None, time)
            : All[suite];

    public static StorageHarness Durable(params object[] plugs) =>
        new(plugs) { Reopen = () => ValueTask.FromResult(Durable(plugs)) };
}
