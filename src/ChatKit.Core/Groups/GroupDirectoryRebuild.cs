using Microsoft.Extensions.Logging;

namespace ChatKit.Groups;

/// <summary>Compares the directory with the logs, conversation by conversation, in the order of the feed.</summary>
internal sealed class GroupDirectoryRebuild(
    IMessageStore store, IStoreIdentity identity, IGroupDirectory directory, MembershipService memberships, ILogger<GroupDirectoryRebuild> logger)
    : IGroupDirectoryRebuild
{
    private const int FeedPageSize = 1000;
    private const int AtOnce = 100;

    public async ValueTask<GroupDirectoryRebuildResult> RunAsync(CancellationToken cancellationToken)
    {
        var repaired = 0;
        var unresolved = new HashSet<ConversationId>();

        // What comes later is the business of the feed's reader.
        var end = (await identity.GetInfoAsync(cancellationToken).ConfigureAwait(false)).FeedEnd;
        FeedPage page;
        for (var position = 0L; position < end; position = page.Next)
        {
            page = await store.ReadFeedAsync(position, FeedPageSize, cancellationToken).ConfigureAwait(false);
            if (page.Items.Count == 0)
            {
                break;
            }

            foreach (var chunk in page.Items.Where(item => item.MembershipVersion >= item.From).Select(item => item.Conversation).Distinct().Chunk(AtOnce))
            {
                repaired += await CompareAsync(chunk, unresolved, cancellationToken).ConfigureAwait(false);
            }
        }

        GroupsLog.DirectoryRebuilt(logger, repaired, unresolved.Count);
        return new GroupDirectoryRebuildResult(repaired, [.. unresolved]);
    }

    private async ValueTask<int> CompareAsync(ConversationId[] conversations, HashSet<ConversationId> unresolved, CancellationToken cancellationToken)
    {
        // The directory first: whatever it has by then, the heads read later have too.
        var known = await directory.GetAsync(conversations, cancellationToken).ConfigureAwait(false);
        var wanted = await store.GetHeadsAsync(conversations, cancellationToken).ConfigureAwait(false);
        var lacking = new List<int>();
        for (var i = 0; i < conversations.Length; i++)
        {
            var version = known[i]?.Version ?? 0;
            if (version < Version(wanted[i]))
            {
                lacking.Add(i);
                await memberships.CatchUpAsync(conversations[i], cancellationToken).ConfigureAwait(false);
            }
            else if (version > Version(wanted[i]))
            {
                GroupsLog.DirectoryNewer(logger, conversations[i], version, Version(wanted[i]));
                unresolved.Add(conversations[i]);
            }
        }

        var now = await directory.GetAsync([.. lacking.Select(i => conversations[i])], cancellationToken).ConfigureAwait(false);
        var differing = lacking.Where((i, n) => (now[n]?.Version ?? 0) < Version(wanted[i])).ToList();
        unresolved.UnionWith(differing.Select(i => conversations[i]));
        return lacking.Count - differing.Count;
    }

    private static long Version(LogHead? head) => head?.MembershipVersion ?? 0;
}
