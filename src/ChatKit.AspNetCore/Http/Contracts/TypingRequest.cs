namespace ChatKit.AspNetCore.Http.Contracts;

/// <summary>Whether the user types.</summary>
internal sealed record TypingRequest
{
    public bool? Typing { get; init; }
}
