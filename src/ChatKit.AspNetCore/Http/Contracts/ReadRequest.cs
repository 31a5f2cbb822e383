namespace ChatKit.AspNetCore.Http.Contracts;

/// <summary>Shown up to here.</summary>
internal sealed record ReadRequest
{
    public long? Seq { get; init; }
}
