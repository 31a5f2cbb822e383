namespace ChatKit.FaultRun;

/// <summary>What a step of a plan does.</summary>
internal enum StepKind
{
    /// <summary>Several messages in flight.</summary>
    Burst,

    /// <summary>Sends three messages and takes the second back at once.</summary>
    Withdraw,

    /// <summary>Edits an own message.</summary>
    Edit,

    /// <summary>Deletes an own message.</summary>
    Delete,

    /// <summary>Marks everything seen as read.</summary>
    Read,

    /// <summary>Adds somebody to a group.</summary>
    Add,

    /// <summary>Removes somebody from a group who sends at the same time.</summary>
    Remove,

    /// <summary>Leaves a group.</summary>
    Leave,

    /// <summary>Creates another group.</summary>
    Create,

    /// <summary>Reads a page, details and receipts.</summary>
    Look,

    /// <summary>Stops the client.</summary>
    Stop,

    /// <summary>Starts it again.</summary>
    Start,

    /// <summary>The user gets another device.</summary>
    NewDevice,

    /// <summary>Types.</summary>
    Type,
}
