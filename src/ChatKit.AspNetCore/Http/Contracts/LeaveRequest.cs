namespace ChatKit.AspNetCore.Http.Contracts;

/// <summary>A group to leave.</summary>
internal sealed record LeaveRequest
{
    public string? Id { get; init; }
}
