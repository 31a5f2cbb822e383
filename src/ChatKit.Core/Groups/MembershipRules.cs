namespace ChatKit.Groups;

/// <summary>Who may do what to a conversation, judged on one view of its members.</summary>
internal static class MembershipRules
{
    public static readonly ChatError NotMember = new(ChatErrorCode.NotMember, "There is no such conversation, or you are no member of it.");

    /// <returns>Why not, or null when it is allowed.</returns>
    public static ChatError? Judge(MembershipView view, UserId user, MembershipChange? change, int maxMembers)
    {
        if (change is { Action: MembershipAction.Created })
        {
            return new ChatError(ChatErrorCode.Conflict, "The group exists already.");
        }

        if (!view.TryGet(user, out var member))
        {
            return NotMember;
        }

        if (change is null)
        {
            return null;
        }

        if (view.Membership.Kind != ConversationKind.Group)
        {
            return new ChatError(ChatErrorCode.Invalid, "The members of a direct conversation do not change.");
        }

        return change.Action switch
        {
            MembershipAction.Added => JudgeAdding(view, member, change, maxMembers),
            MembershipAction.Removed => JudgeRemoving(view, member, change),
            MembershipAction.Left => null,
            _ => new ChatError(ChatErrorCode.Invalid, $"The action {change.Action} is not offered."),
        };
    }

    private static ChatError? JudgeAdding(MembershipView view, Member by, MembershipChange change, int maxMembers)
    {
        if (by.Role < MemberRole.Admin)
        {
            return new ChatError(ChatErrorCode.Forbidden, "Only admins and owners add members.");
        }

        if (view.Membership.Members.Count + change.Members.Count > maxMembers)
        {
            return new ChatError(ChatErrorCode.TooLarge, $"A group has at most {maxMembers} members.");
        }

        foreach (var added in change.Members)
        {
            if (view.Contains(new UserId(added.User, view.Membership.Conversation.Tenant)))
            {
                return new ChatError(ChatErrorCode.Invalid, $"{added.User} is a member already.");
            }
        }

        return null;
    }

    private static ChatError? JudgeRemoving(MembershipView view, Member by, MembershipChange change)
    {
        foreach (var removed in change.Members)
        {
            if (!view.TryGet(new UserId(removed.User, view.Membership.Conversation.Tenant), out var target))
            {
                return new ChatError(ChatErrorCode.NotFound, $"{removed.User} is no member.");
            }

            if (target.User == by.User)
            {
                return new ChatError(ChatErrorCode.Invalid, "To leave a group, leave it; removing is for others.");
            }

            if (by.Role < MemberRole.Admin || (target.Role >= MemberRole.Admin && by.Role < MemberRole.Owner))
            {
                return new ChatError(ChatErrorCode.Forbidden, "Admins remove members, owners also admins.");
            }
        }

        return null;
    }
}
