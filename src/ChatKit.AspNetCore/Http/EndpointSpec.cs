using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace ChatKit.AspNetCore.Http;

/// <summary>An endpoint: what is mapped and what the OpenAPI description says, from one place, so that they cannot differ.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Pattern">The route below the group, without a leading slash.</param>
/// <param name="Name">Its name in generated clients.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Handler">What answers it.</param>
internal sealed record EndpointSpec(string Method, string Pattern, string Name, string Summary, RequestDelegate Handler)
{
    /// <summary>What a request is counted as.</summary>
    public ChatCommandClass Class { get; init; } = ChatCommandClass.Read;

    public JsonTypeInfo? Request { get; init; }

    public bool RequestOptional { get; init; }

    public JsonTypeInfo? Response { get; init; }

    public int Status { get; init; } = StatusCodes.Status200OK;

    public IReadOnlyList<QueryParameter> Query { get; init; } = [];
}
