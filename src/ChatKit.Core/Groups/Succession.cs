using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ChatKit.Messaging;

namespace ChatKit.Groups;

/// <summary>A group is never left without an owner: before the last one leaves, the member who comes next is made one. The longest-standing admin, else
/// the longest-standing member; of equals the first by id.</summary>
internal static class Succession
{
    /// <returns>Who becomes owner when this user leaves; null when nobody has to, or nobody is left.</returns>
    public static UserId? HeirOf(MembershipView view, UserId leaver)
    {
        Member? heir = null;
        foreach (var member in view.Membership.Members)
        {
            if (member.User == leaver)
            {
                if (member.Role != MemberRole.Owner)
                {
                    return null;
                }
            }
            else if (member.Role == MemberRole.Owner)
            {
                return null;
            }
            else if (heir is not { } best || member.Role > best.Role || (member.Role == best.Role && member.Joined < best.Joined))
            {
                heir = member;
            }
        }

        return heir?.User;
    }

    /// <summary>The entry that makes the heir an owner, in the name of the leaver; the same for every retry of the same departure among the same
    /// members. Among others it is another one: whom it once made an owner may have left since, and come back as a member.</summary>
    public static AppendRequest Entry(AppendRequest departure, UserId heir, long membershipVersion)
    {
        var change = new MembershipChange { Action = MembershipAction.RoleChanged, Members = [new MemberChange(heir.Value, MemberRole.Owner)] };
        var header = new EntryHeader { Kind = EntryKind.Membership, ContentType = MembershipChange.ContentType };
        var body = change.ToBody();
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{departure.Command.Value}\n{membershipVersion}\n{heir.Value}")));
        return new AppendRequest
        {
            Conversation = departure.Conversation,
            Sender = departure.Sender,
            Device = departure.Device,
            Command = new CommandId("chatkit:owner:" + Base64Url.EncodeToString(hash.AsSpan(0, 18))),
            Header = header,
            Body = body,
            PayloadHash = PayloadHashes.Of(header, body),
            MembershipVersion = membershipVersion,
        };
    }
}
