namespace ChatKit;

/// <summary>When a user was last active.</summary>
/// <param name="User">The user.</param>
/// <param name="At">When he last touched, typed or read; millisecond precision is kept.</param>
public readonly record struct LastSeenRow(UserId User, DateTimeOffset At);
