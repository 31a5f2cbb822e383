using Microsoft.AspNetCore.Http.Metadata;

namespace ChatKit.AspNetCore.Http;

/// <summary>Marks an endpoint as ChatKit's: its refusals are problem details, also those of the host's own authorization, and a chat client wants 401,
/// not the page of the sign-in.</summary>
/// <param name="Class">What a request is counted as; null for the hub, which counts for itself.</param>
internal sealed record ChatEndpoint(ChatCommandClass? Class) : IDisableCookieRedirectMetadata;
