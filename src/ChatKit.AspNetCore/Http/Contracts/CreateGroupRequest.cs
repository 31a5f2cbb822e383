namespace ChatKit.AspNetCore.Http.Contracts;

/// <summary>A group to create.</summary>
internal sealed record CreateGroupRequest
{
    public string? Id { get; init; }

    public string? Title { get; init; }

    public IReadOnlyList<string>? Users { get; init; }

    public string? History { get; init; }
}
