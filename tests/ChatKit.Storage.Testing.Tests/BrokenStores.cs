using ChatKit.InMemory;
using ChatKit.Storage.Testing.Tests.Broken;
using ChatKit.Storage.Testing.Tests.Suites;
using ChatKit.Storage.Testing.Journaling;

namespace ChatKit.Storage.Testing.Tests;

/// <summary>Stores with one fault each, made of the right ones.</summary>
internal static class BrokenStores
{
    public static IReadOnlyList<BrokenStore> All { get; } =
    [
        Messages(
            "a refused item leaves a gap", (inner, _) => new GapOnRefusalStore(inner),
            "Refused_items_take_no_seq_and_fail_no_neighbour", "A_batch_of_refusals_changes_nothing") with { WithinSteps = 3 },
        Messages(
            "a duplicate is accepted twice", (inner, _) => new ForgetfulKeysStore(inner),
            "A_retry_gives_the_first_result", "Racing_retries_give_one_seq", "A_batch_sent_again_gives_duplicates") with { WithinSteps = 2 },
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
            "Tenants_share_nothing", "Tenant_and_id_are_not_glued_together") with { WithinSteps = 3 },
        Messages(
            "ids are normalised",
            (inner, _) => new RewritingStore(
                inner, request => request with { Conversation = Normalised(request.Conversation) }, Normalised),
            "Conversation_ids_are_compared_ordinally"),
        Messages(
            "a deletion leaves the edits", (inner, _) => new KeptEditsStore(inner),
            "A_deletion_erases_the_edits", "No_edit_outlives_a_racing_deletion") with { WithinSteps = 5 },
        Messages(
            "a stale membership is accepted", (inner, _) => new CarelessVersionStore(inner),
            "Another_membership_version_is_stale", "A_second_creation_is_stale", "Racing_membership_changes_have_one_winner") with { WithinSteps = 3 },
        Messages(
            "a stale epoch is accepted",
            (inner, _) => new RewritingStore(inner, request => request with { ExpectedEpoch = null }),
            "A_commit_compares_and_sets_the_epoch", "Racing_commits_have_one_winner") with { WithinSteps = 3 },
        Messages(
            "the clock goes back", (inner, time) => new WallClockStore(inner, time),
            "AcceptedAt_never_goes_back_when_the_clock_does", "AcceptedAt_does_not_go_back_over_a_restart"),
        Messages(
            "a batch is stored item by item", (inner, _) => new TornBatchStore(inner),
            "The_feed_has_one_row_a_conversation_and_append", "A_cancelled_batch_is_stored_whole_or_not_at_all"),
        Messages(
            "deleted messages count", (inner, _) => new ScanningCountStore(inner),
            "Deleted_messages_do_not_count", "Counts_agree_with_a_walk_over_the_log") with { WithinSteps = 4 },
        new(
            "a restart forgets", typeof(MessageStoreSuite),
            time => new StorageHarness(new InMemoryMessageStore(time))
            {
                Reopen = () => ValueTask.FromResult(new StorageHarness(new InMemoryMessageStore(time))),
            },
            "Everything_outlives_a_restart", "Keys_outlive_a_restart", "The_incarnation_outlives_a_restart"),
        new(
            "a cursor moves back", typeof(RelayQueueSuite), _ => RightStores.Durable(new LastWriteRelay()),
            "A_cursor_only_moves_forward", "Cursors_of_one_batch_are_merged", "Cursors_outlive_a_restart") { WithinSteps = 2 },
        new(
            "leases never end", typeof(SessionRegistrySuite), time => RightStores.Durable(new InMemorySessionRegistry(new StoppedClock(time))),
            "Sessions_end_with_the_lease_of_their_node", "A_renewed_lease_lasts_from_its_renewal"),
        new(
            "too long an asset is kept", typeof(AssetStoreSuite), _ => RightStores.Durable(new UnlimitedAssetStore(new InMemoryAssetStore())),
            "Longer_content_is_refused"),
        Messages(
            "a rolled back append leaves a gap", (inner, _) => new GapOnRollbackStore(inner),
            "A_cancelled_batch_is_stored_whole_or_not_at_all", "An_append_may_be_cancelled_at_any_point"),
        Messages(
            "an edit replaces the assets", (inner, _) => new ReplacedAssetsStore(inner),
            "An_edit_leaves_the_assets_of_the_message") with { WithinSteps = 4 },
        new(
            "what was accepted waits in memory", typeof(MessageStoreSuite), time => Journals.Create(JournalFault.Unflushed, time),
            "Kill_9_during_appends_loses_nothing_that_was_accepted") { Right = time => Journals.Create(JournalFault.None, time) },
        new(
            "each process counts for itself", typeof(MessageStoreSuite), time => Journals.Create(JournalFault.Unlocked, time),
            "Two_processes_append_side_by_side_or_the_second_is_refused") { Right = time => Journals.Create(JournalFault.None, time) },
        new(
            "a mark moves back", typeof(ReceiptStoreSuite), _ => RightStores.Durable(new BackwardReceipts()),
            "Marks_only_move_forward", "Rows_of_one_batch_are_merged") { WithinSteps = 2 },
        new(
            "reading is no delivery", typeof(ReceiptStoreSuite), _ => RightStores.Durable(new UndeliveredReads(new InMemoryReceiptStore())),
            "Read_is_also_delivered") { WithinSteps = 2 },
        new(
            "an emptied row is forgotten", typeof(UserStateStoreSuite), _ => RightStores.Durable(new ForgottenRemovals(new InMemoryUserStateStore())),
            "An_emptied_row_stays") { WithinSteps = 2 },
        new(
            "a changed row keeps its place", typeof(UserStateStoreSuite), _ => RightStores.Durable(new KeptPlaces()),
            "Only_the_latest_value_counts", "Changes_are_read_in_pages") { WithinSteps = 2 },
        new(
            "an envelope is posted twice", typeof(DeviceMailboxSuite), _ => RightStores.Durable(new RepeatingMailbox(new InMemoryRelayQueue())),
            "An_id_is_posted_once_a_device") { WithinSteps = 2 },
        new(
            "an emptied mailbox begins again", typeof(DeviceMailboxSuite), _ => RightStores.Durable(new RestartingMailbox()),
            "Envelopes_are_removed_up_to_a_position") { WithinSteps = 3 },
        new(
            "a change does not wait for those before it", typeof(GroupDirectorySuite), _ => RightStores.Durable(new CarelessDirectory(new InMemoryGroupDirectory())),
            "A_change_waits_for_those_before_it", "A_directory_beside_its_log_says_so") { WithinSteps = 2 },
        new(
            "rejoining forgets the first time", typeof(GroupDirectorySuite), _ => RightStores.Durable(new ForgetfulIntervals(new InMemoryGroupDirectory())),
            "Rejoining_opens_a_new_interval") { WithinSteps = 4 },
        new(
            "ids are ordered by UTF-16", typeof(GroupDirectorySuite), _ => RightStores.Durable(new CodeUnitOrder(new InMemoryGroupDirectory())),
            "Conversations_are_listed_in_pages") { WithinSteps = 3 },
        new(
            "a revoked device comes back", typeof(DeviceDirectorySuite), _ => RightStores.Durable(new ForgivingDirectory(() => new InMemoryDeviceDirectory())),
            "Unseen_devices_are_forgotten") { WithinSteps = 2 },
        new(
            "last seen moves back", typeof(LastSeenStoreSuite), _ => RightStores.Durable(new LastWriteLastSeen()),
            "An_older_time_is_ignored"),
        new(
            "a consumer's position moves back", typeof(FeedCheckpointStoreSuite), _ => RightStores.Durable(new BackwardCheckpoints()),
            "A_position_never_goes_back"),
        new(
            "unread is counted beyond what a user sees", typeof(ConversationListSuite),
            time => OwnList.Create(time, (inner, store) => new UnboundedUnread(inner, store)),
            "A_row_says_what_the_plugs_say", "Random_scenes_are_read_as_they_are"),
        new(
            "a page of conversations goes on by time alone", typeof(ConversationListSuite), time => OwnList.Create(time, (inner, _) => new PagesByTime(inner)),
            "Pages_give_the_whole_list"),
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
