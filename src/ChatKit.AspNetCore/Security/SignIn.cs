namespace ChatKit.AspNetCore.Security;

/// <summary>What the host's sign-in gave.</summary>
internal enum SignIn
{
    /// <summary>Nobody is signed in.</summary>
    None = 0,

    /// <summary>Somebody is, but the claims that ChatKit needs are missing or malformed.</summary>
    WithoutClaims = 1,

    /// <summary>The user is known.</summary>
    Known = 2,
}
