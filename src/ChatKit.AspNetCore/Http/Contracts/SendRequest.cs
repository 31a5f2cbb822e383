namespace ChatKit.AspNetCore.Http.Contracts;

/// <summary>A message to send.</summary>
internal sealed record SendRequest
{
    public string? Id { get; init; }

    public string? Text { get; init; }

    public string? Data { get; init; }

    public string? ContentType { get; init; }

    public IReadOnlyList<string>? Assets { get; init; }
}
