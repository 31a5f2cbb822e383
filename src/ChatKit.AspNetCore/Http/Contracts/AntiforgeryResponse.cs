namespace ChatKit.AspNetCore.Http.Contracts;

/// <summary>The token that a write with a cookie must carry, and the header that takes it.</summary>
internal sealed record AntiforgeryResponse(string Token, string Header);
