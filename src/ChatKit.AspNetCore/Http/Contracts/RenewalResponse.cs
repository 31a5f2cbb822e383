namespace ChatKit.AspNetCore.Http.Contracts;

/// <summary>What a live connection renews its sign-in with, and until when that will be good; null for ever.</summary>
internal sealed record RenewalResponse(string Token, DateTimeOffset? Expires);
