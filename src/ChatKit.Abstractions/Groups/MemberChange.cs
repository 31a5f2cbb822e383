namespace ChatKit;

/// <summary>One member in a membership entry.</summary>
/// <param name="User">The user's id, without the tenant (it is the conversation's).</param>
/// <param name="Role">The role the member has or gets.</param>
public sealed record MemberChange(string User, MemberRole Role = MemberRole.Member);
