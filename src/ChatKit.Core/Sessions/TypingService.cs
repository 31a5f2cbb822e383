using System.Collections.Concurrent;
using ChatKit.Delivery;
using ChatKit.Groups;
using Microsoft.Extensions.Options;

namespace ChatKit.Sessions;

/// <summary>Who types where. State, not log: only the latest counts, and it ends by itself.</summary>
internal sealed class TypingService(
    MembershipService memberships, Dispatcher dispatcher, TimeProvider time, IOptions<ChatKitOptions> options)
{
    private readonly ConcurrentDictionary<(ConversationId Conversation, UserId User), DateTimeOffset> typing = new();

    public async ValueTask<ChatResult<bool>> SetAsync(UserId user, ConversationId conversation, bool isTyping, CancellationToken cancellationToken)
    {
        if (conversation.Tenant != user.Tenant
            || await memberships.GetAsync(conversation, 0, cancellationToken).ConfigureAwait(false) is not { } view || !view.Contains(user))
        {
            return MembershipRules.NotMember;
        }

        if (isTyping)
        {
            var until = time.GetUtcNow() + options.Value.TypingExpiry;
            typing[(conversation, user)] = until;
            dispatcher.Enqueue(new TypingChanged(conversation, user, until));
        }
        else
        {
            Stop(user, conversation);
        }

        return true;
    }

    /// <summary>A user sent his message, or said that he stopped.</summary>
    public void Stop(UserId user, ConversationId conversation)
    {
        if (typing.TryRemove((conversation, user), out _))
        {
            dispatcher.Enqueue(new TypingChanged(conversation, user, null));
        }
    }

    /// <summary>A user's connection is gone.</summary>
    public void Stop(UserId user)
    {
        foreach (var key in typing.Keys.Where(key => key.User == user))
        {
            Stop(user, key.Conversation);
        }
    }

    /// <summary>Ends what was not renewed.</summary>
    public void Sweep()
    {
        var now = time.GetUtcNow();
        foreach (var entry in typing)
        {
            if (entry.Value <= now && typing.TryRemove(entry))
            {
                dispatcher.Enqueue(new TypingChanged(entry.Key.Conversation, entry.Key.User, null));
            }
        }
    }
}
