using ChatKit.Wire;

namespace ChatKit.Delivery;

/// <summary>Conversations for the wire, with the names and pictures of the host's user directory.</summary>
internal sealed class ConversationPresenter(IUserDirectory users)
{
    private const int DirectoryBatch = 200;

    public async ValueTask<WireConversation> PresentAsync(Conversation conversation, CancellationToken cancellationToken)
    {
        var profiles = await ProfilesAsync(conversation.Members.Select(member => member.User), cancellationToken).ConfigureAwait(false);
        return ToWire(conversation, profiles);
    }

    public async ValueTask<WireConversationPage> PresentAsync(ConversationPage page, CancellationToken cancellationToken)
    {
        var profiles = await ProfilesAsync(
            page.Conversations.SelectMany(conversation => conversation.Members).Select(member => member.User), cancellationToken).ConfigureAwait(false);
        return new WireConversationPage([.. page.Conversations.Select(conversation => ToWire(conversation, profiles))], page.Next);
    }

    private async ValueTask<Dictionary<UserId, UserProfile>> ProfilesAsync(IEnumerable<UserId> wanted, CancellationToken cancellationToken)
    {
        var profiles = new Dictionary<UserId, UserProfile>();
        foreach (var chunk in wanted.Distinct().Chunk(DirectoryBatch))
        {
            var found = await users.GetAsync(chunk, cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < chunk.Length; i++)
            {
                if (found[i] is { } profile)
                {
                    profiles[chunk[i]] = profile;
                }
            }
        }

        return profiles;
    }

    private static WireConversation ToWire(Conversation conversation, Dictionary<UserId, UserProfile> profiles) => new()
    {
        Id = conversation.Id.Value,
        Kind = WireMapper.KindOf(conversation.Kind),
        Title = conversation.Title,
        Members = [.. conversation.Members.Select(member => ToWire(member, profiles.GetValueOrDefault(member.User)))],
        MemberCount = conversation.MemberCount,
        IsMember = conversation.IsMember,
        LastSeq = conversation.LastSeq,
        LastMessage = conversation.LastMessage is { } message ? WireMapper.ToWire(message) : null,
        LastActivity = conversation.LastActivityAt,
        Delivered = conversation.Own.Delivered,
        Read = conversation.Own.Read,
        Unread = conversation.Unread,
    };

    private static WireMember ToWire(Member member, UserProfile? profile) =>
        new(member.User.Value, profile?.Name, WireMapper.RoleOf(member.Role), profile?.Picture?.ToString());
}
