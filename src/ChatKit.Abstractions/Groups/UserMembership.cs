namespace ChatKit;

/// <summary>A conversation a user is or was a member of.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="History">What members see of the past.</param>
/// <param name="Intervals">The user's intervals, oldest first; the last is open while he is a member.</param>
public sealed record UserMembership(ConversationId Conversation, GroupHistory History, IReadOnlyList<MembershipInterval> Intervals)
{
    /// <summary>Whether the user is a member now.</summary>
    public bool IsMember => Intervals.Count > 0 && Intervals[^1].Left is null;
}
