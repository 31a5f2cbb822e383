using Microsoft.Extensions.Options;

namespace ChatKit.AspNetCore.RateLimits;

/// <summary>How many connections (sockets, streams, polls) this node holds, in all and a user. Thread-safe.</summary>
internal sealed class ConnectionCounts(IOptions<ChatKitWebOptions> options)
{
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(5);
    private readonly Lock gate = new();
    private readonly Dictionary<UserId, int> byUser = [];
    private int total;

    /// <summary>Takes a place, which <see cref="Remove"/> gives back.</summary>
    /// <returns>Why there is none; null when it was taken.</returns>
    public ChatError? TryAdd(UserId user)
    {
        lock (gate)
        {
            if (total >= options.Value.MaxConnections)
            {
                return new ChatError(ChatErrorCode.Overloaded, "This server holds as many connections as it can.", Later);
            }

            var own = byUser.GetValueOrDefault(user);
            if (own >= options.Value.MaxConnectionsPerUser)
            {
                return new ChatError(ChatErrorCode.RateLimited, $"A user may hold {options.Value.MaxConnectionsPerUser} connections: close some.", Later);
            }

            byUser[user] = own + 1;
            total++;
            return null;
        }
    }

    public void Remove(UserId user)
    {
        lock (gate)
        {
            total--;
            if (byUser[user] == 1)
            {
                byUser.Remove(user);
            }
            else
            {
                byUser[user]--;
            }
        }
    }
}
