namespace ChatKit;

/// <summary>A present member.</summary>
/// <param name="User">The user.</param>
/// <param name="Role">What the member may do.</param>
/// <param name="Joined">The <c>Seq</c> of the membership entry of the last joining.</param>
public readonly record struct Member(UserId User, MemberRole Role, long Joined);
