namespace ChatKit.Storage.Postgres;

/// <summary>What may be done when nobody knows whether the server carried a call out.</summary>
internal enum Safety
{
    /// <summary>The call may be made again: it changes nothing the second time, or only reads.</summary>
    Repeatable,

    /// <summary>The call is made again only when the server certainly did nothing.</summary>
    Once,
}
