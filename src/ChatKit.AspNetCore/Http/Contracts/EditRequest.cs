namespace ChatKit.AspNetCore.Http.Contracts;

/// <summary>A message's whole new body.</summary>
internal sealed record EditRequest
{
    public string? Id { get; init; }

    public string? Text { get; init; }

    public string? Data { get; init; }

    public string? ContentType { get; init; }
}
