using System.Collections.Frozen;

namespace ChatKit.Groups;

/// <summary>The members at a version, indexed for the hot path. Immutable.</summary>
internal sealed class MembershipView
{
    private const int LinearUpTo = 8;
    private readonly FrozenDictionary<UserId, Member>? byUser;

    public MembershipView(Membership membership)
    {
        Membership = membership;
        if (membership.Members.Count > LinearUpTo)
        {
            byUser = membership.Members.ToFrozenDictionary(member => member.User);
        }
    }

    public Membership Membership { get; }

    public long Version => Membership.Version;

    public bool TryGet(UserId user, out Member member)
    {
        if (byUser is not null)
        {
            return byUser.TryGetValue(user, out member);
        }

        var members = Membership.Members;
        for (var i = 0; i < members.Count; i++)
        {
            if (members[i].User == user)
            {
                member = members[i];
                return true;
            }
        }

        member = default;
        return false;
    }

    public bool Contains(UserId user) => TryGet(user, out _);
}
