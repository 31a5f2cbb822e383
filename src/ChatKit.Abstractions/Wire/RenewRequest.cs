namespace ChatKit.Wire;

/// <summary>Renews the sign-in of a live connection.</summary>
public sealed record RenewRequest
{
    /// <summary>The new bearer token, or what <c>POST renewal</c> answered.</summary>
    public string? Token { get; init; }
}
