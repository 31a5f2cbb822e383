using System.Security.Cryptography;
using System.Text;
using ChatKit.Load.Measuring;
using ChatKit.Load.Scenarios;

namespace ChatKit.Load.Servers;

/// <summary>Seeds through the host's own interface, and counts by reading the store.</summary>
internal sealed class ChatKitBackend(IChatKit chat, IMessageStore store, IStoreIdentity identity) : IBenchBackend
{
    private const int AtOnce = 500;

    public async Task<SeedReply> SeedAsync(SeedRequest request, CancellationToken cancellationToken)
    {
        var directs = new List<string>();
        foreach (var chunk in request.Directs.Chunk(AtOnce))
        {
            var sent = await Task.WhenAll(chunk.Select(pair => chat.SendAsync(
                SendMessage.Direct(new UserId(pair[0]), new UserId(pair[1]), "seed") with { Command = new CommandId("seed") }, cancellationToken).AsTask()));
            directs.AddRange(sent.Select(one => one.Value.Conversation.Value));
        }

        var groups = new List<string>();
        foreach (var chunk in request.Groups.Chunk(AtOnce))
        {
            var created = await Task.WhenAll(chunk.Select(members => chat.CreateGroupAsync(
                new CreateGroup
                {
                    By = new UserId(members[0]),
                    Title = "Load",
                    Members = [.. members.Select(member => new UserId(member))],
                    Command = new CommandId(NameOf(members)),
                },
                cancellationToken).AsTask()));
            groups.AddRange(created.Select(one => one.Value.Conversation.Value));
        }

        var text = new string('x', request.TextBytes);
        foreach (var chunk in Enumerable.Range(0, request.Backlog).Chunk(AtOnce))
        {
            var results = await Task.WhenAll(chunk.Select(i =>
            {
                var pair = request.Directs[i % request.Directs.Count];
                return chat.SendAsync(SendMessage.Direct(new UserId(pair[0]), new UserId(pair[1]), text), cancellationToken).AsTask();
            }));
            if (Array.Find(results, result => !result.IsSuccess) is { IsSuccess: false } refused)
            {
                throw new InvalidOperationException(refused.Error.ToString());
            }
        }

        return new SeedReply(directs, groups);
    }

    public async Task<RowCount> CountAsync(long after, CancellationToken cancellationToken)
    {
        if (after < 0)
        {
            return new RowCount(0, (await identity.GetInfoAsync(cancellationToken)).FeedEnd);
        }

        long rows = 0;
        while (true)
        {
            var page = await store.ReadFeedAsync(after, 1000, cancellationToken);
            if (page.Items.Count == 0)
            {
                return new RowCount(rows, after);
            }

            var ranges = page.Items.Select(item => new LogRange(item.Conversation, item.From, item.To, 10_000)).ToList();
            foreach (var entries in await store.ReadAsync(ranges, cancellationToken))
            {
                rows += entries.Count(entry => entry.Header.Kind == EntryKind.Message);
            }

            after = page.Next;
        }
    }

    private static string NameOf(string[] members) =>
        "seed-" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(' ', members))).AsSpan(0, 16));
}
