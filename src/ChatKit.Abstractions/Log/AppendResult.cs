namespace ChatKit;

/// <summary>The result of one item of an append.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Seq">Where it is stored (appended or duplicate); else 0.</param>
/// <param name="AcceptedAt">When it was accepted (appended or duplicate); else default.</param>
/// <param name="MembershipVersion">The conversation's present membership version (0: no such conversation).</param>
/// <param name="Epoch">The conversation's present epoch.</param>
public readonly record struct AppendResult(
    AppendOutcome Outcome, long Seq, DateTimeOffset AcceptedAt, long MembershipVersion, long Epoch);
