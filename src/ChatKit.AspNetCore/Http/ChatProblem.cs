namespace ChatKit.AspNetCore.Http;

/// <summary>Problem details (RFC 9457) with the wire's code.</summary>
internal sealed record ChatProblem
{
    public required string Type { get; init; }

    public required string Title { get; init; }

    public required int Status { get; init; }

    public required string Detail { get; init; }

    public required string Code { get; init; }

    public long? RetryAfter { get; init; }
}
