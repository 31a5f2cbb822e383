namespace ChatKit.Load.Clients;

/// <summary>What connections tell the scenario. Called from many threads.</summary>
internal interface ITraffic
{
    /// <summary>The sender has the acknowledgement of a message.</summary>
    void OnAccepted(ReadOnlySpan<byte> id);

    /// <summary>A message came to a user.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="own">Whether it is the user's own.</param>
    void OnReceived(ReadOnlySpan<byte> id, bool own);

    /// <summary>The marks of a member moved.</summary>
    void OnReceipt();

    /// <summary>The run is worth nothing: something was refused, lost, doubled or cut.</summary>
    void OnFailure(string why);
}
