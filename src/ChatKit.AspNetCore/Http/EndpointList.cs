using ChatKit.AspNetCore.Http.Endpoints;

namespace ChatKit.AspNetCore.Http;

/// <summary>All endpoints of plain HTTP but the description of them.</summary>
internal static class EndpointList
{
    public static IReadOnlyList<EndpointSpec> All { get; } =
    [
        .. MessageEndpoints.All,
        .. ConversationEndpoints.All,
        .. GroupEndpoints.All,
        .. ReceiptEndpoints.All,
        .. SyncEndpoints.All,
        .. AntiforgeryEndpoints.All,
        .. RenewalEndpoints.All,
    ];
}
