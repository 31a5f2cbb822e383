using ChatKit.Wire;

namespace ChatKit.AspNetCore.Http.Contracts;

/// <summary>How far the members are.</summary>
internal sealed record ReceiptsResponse(IReadOnlyList<WireReceipt> Receipts);
