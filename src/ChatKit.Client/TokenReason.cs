namespace ChatKit.Client;

/// <summary>Why a <see cref="ChatClientOptions.TokenProvider"/> is asked for a token.</summary>
public enum TokenReason
{
    /// <summary>For a new connection: a token that is still good for a while will do.</summary>
    Connect = 0,

    /// <summary>The token of the live connection runs out: a new one is needed. The connection goes on with it.</summary>
    Renewal = 1,
}
