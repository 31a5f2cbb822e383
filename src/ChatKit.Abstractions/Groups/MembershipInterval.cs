namespace ChatKit;

/// <summary>A time a user was a member, in positions of the log (ARCHITECTURE, rule 2).</summary>
/// <param name="Joined">The <c>Seq</c> of the entry that made him a member; visible to him.</param>
/// <param name="Left">The <c>Seq</c> of the entry that ended it, still visible to him; null while he is a member.</param>
public readonly record struct MembershipInterval(long Joined, long? Left);
