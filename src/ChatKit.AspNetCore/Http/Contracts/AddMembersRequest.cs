namespace ChatKit.AspNetCore.Http.Contracts;

/// <summary>Members to add.</summary>
internal sealed record AddMembersRequest
{
    public string? Id { get; init; }

    public IReadOnlyList<string>? Users { get; init; }
}
