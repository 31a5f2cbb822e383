using ChatKit.InMemory;
using ChatKit.Storage.Testing.Tests.Broken;
using ChatKit.Storage.Testing.Tests.Suites;

namespace ChatKit.Storage.Testing.Tests;

/// <summary>Stores with one fault each, made of the right ones.</summary>
internal static class BrokenStores
{
    public static IReadOnlyList<BrokenStore> All { get; } =
    [
        Messages(
            "a refused item leaves a gap", (inner, _) => new GapOnRefusalStore(inner),
            "Refused_items_take_no_seq_and_fail_no_neighbour", "A_batch_of_refusals_changes_nothing"),
        Messages(
            "a duplicate is accepted twice", (inner, _) => new ForgetfulKeysStore(inner),
            "A_retry_gives_the_first_result", "Racing_retries_give_one_seq", "A_batch_sent_again_gives_duplicates"),
        Messages(
            "half of the payload hash is compared",
            (inner, _) => new RewritingStore(inner, request => request with { PayloadHash = (ulong)request.PayloadHash }),
            "The_whole_payload_hash_is_compared"),
        Messages(
            "the feed skips a late commit", (inner, _) => new LateCommitStore(inner),
            "A_reader_of_the_feed_misses_no_late_commit"),
        Messages(
            "another tenant's row is returned",
            (inner, _) => new RewritingStore(
                inner,
                request => request with { Conversation = new(request.Conversation.Value), Sender = new(request.Sender.Value) },
                id => new ConversationId(id.Value)),
            "Tenants_share_nothing", "Tenant_and_id_are_not_glued_together"),
        Messages(
            "ids are normalised",
            (inner, _) => new RewritingStore(
                inner, request => request with { Conversation = Normalised(request.Conversation) }, Normalised),
            "Conversation_ids_are_compared_ordinally"),
        Messages(
            "a deletion leaves the edits", (inner, _) => new KeptEditsStore(inner),
            "A_deletion_erases_the_edits", "No_edit_outlives_a_racing_deletion"),
        Messages(
            "a stale membership is accepted", (inner, _) => new CarelessVersionStore(inner),
            "Another_membership_version_is_stale", "A_second_creation_is_stale", "Racing_membership_changes_have_one_winner"),
        Messages(
            "a stale epoch is accepted",
            (inner, _) => new RewritingStore(inner, request => request with { ExpectedEpoch = null }),
            "A_commit_compares_and_sets_the_epoch", "Racing_commits_have_one_winner"),
        Messages(
            "the clock goes back", (inner, time) => new WallClockStore(inner, time),
            "AcceptedAt_never_goes_back_when_the_clock_does", "AcceptedAt_does_not_go_back_over_a_restart"),
        Messages(
            "a batch is stored item by item", (inner, _) => new TornBatchStore(inner),
            "The_feed_has_one_row_a_conversation_and_append", "A_cancelled_batch_is_stored_whole_or_not_at_all"),
        Messages(
            "deleted messages count", (inner, _) => new ScanningCountStore(inner),
            "Deleted_messages_do_not_count", "Counts_agree_with_a_walk_over_the_log"),
        new(
            "a restart forgets", typeof(MessageStoreSuite),
            time => new StorageHarness(new InMemoryMessageStore(time))
            {
                Reopen = () => ValueTask.FromResult(new StorageHarness(new InMemoryMessageStore(time))),
            },
            "Everything_outlives_a_restart", "Keys_outlive_a_restart", "The_incarnation_outlives_a_restart"),
        new(
            "a cursor moves back", typeof(RelayQueueSuite), _ => RightStores.Durable(new LastWriteRelay()),
            "A_cursor_only_moves_forward", "Cursors_of_one_batch_are_merged", "Cursors_outlive_a_restart"),
        new(
            "leases never end", typeof(SessionRegistrySuite), time => RightStores.Durable(new InMemorySessionRegistry(new StoppedClock(time))),
            "Sessions_end_with_the_lease_of_their_node", "A_renewed_lease_lasts_from_its_renewal"),
        new(
            "too long an asset is kept", typeof(AssetStoreSuite), _ => RightStores.Durable(new UnlimitedAssetStore(new InMemoryAssetStore())),
            "Longer_content_is_refused"),
    ];

    private static BrokenStore Messages(string name, Func<IMessageStore, TimeProvider, IMessageStore> fault, params string[] caughtBy) =>
        new(
            name,
            typeof(MessageStoreSuite),
            time =>
            {
                var inner = new InMemoryMessageStore(time);
                return RightStores.Durable(fault(inner, time), inner);
            },
            caughtBy);

    /// <summary>What a collation that knows no case would make of an id.</summary>
    private static ConversationId Normalised(ConversationId id) => new(id.Value.ToUpperInvariant(), id.Tenant);
}
