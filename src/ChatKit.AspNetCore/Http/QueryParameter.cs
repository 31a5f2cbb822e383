namespace ChatKit.AspNetCore.Http;

/// <summary>A parameter in the query, as the OpenAPI description shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type"><c>string</c>, <c>integer</c>, <c>number</c>, or <c>array</c> (of strings, repeated).</param>
/// <param name="Description">What it says.</param>
/// <param name="Format">The format, for example <c>int64</c>; null for none.</param>
internal sealed record QueryParameter(string Name, string Type, string Description, string? Format = null)
{
    public bool Required { get; init; }
}
