namespace ChatKit.Client;

/// <summary>Why a <see cref="ChatClientOptions.TokenProvider"/> is asked for a token.</summary>
public enum TokenReason
{
    /// <summary>For a new connection: a token that is still good for a while will do.</summary>
    Connect = 0,

    /// <summary>A new token is needed: that of the live connection runs out (the connection goes on with the new one), or the server did not accept the
    /// one that was given for a new connection.</summary>
    Renewal = 1,
}
