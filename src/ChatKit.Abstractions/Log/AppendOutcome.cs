namespace ChatKit;

/// <summary>What became of one item of an append.</summary>
public enum AppendOutcome
{
    /// <summary>Stored, at <see cref="AppendResult.Seq"/>.</summary>
    Appended = 0,

    /// <summary>The same command was stored before, at <see cref="AppendResult.Seq"/>; nothing was written.</summary>
    Duplicate = 1,

    /// <summary>The same key was stored before with another payload; nothing was written.</summary>
    Conflict = 2,

    /// <summary>The membership changed since the command was authorised: authorise anew under <see cref="AppendResult.MembershipVersion"/>.
    /// A conversation that does not exist has version 0.</summary>
    StaleMembership = 3,

    /// <summary>Another commit won: the epoch is now <see cref="AppendResult.Epoch"/>.</summary>
    StaleEpoch = 4,

    /// <summary>The target of an edit, deletion, reaction or pin is no message of this conversation, or is erased or trimmed.</summary>
    TargetGone = 5,
}
