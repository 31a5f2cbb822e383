using ChatKit.AspNetCore.Http.Contracts;
using ChatKit.Delivery;
using Microsoft.AspNetCore.Http;

namespace ChatKit.AspNetCore.Http.Endpoints;

/// <summary>Read marks, receipts and presence.</summary>
internal static class ReceiptEndpoints
{
    private const int MostUsers = 200;

    private static readonly QueryParameter[] PresenceQuery = [new("user", "array", "A user; repeated, at most 200.") { Required = true }];

    public static IEnumerable<EndpointSpec> All =>
    [
        new("POST", "conversations/{conversation}/read", "markRead", "Shown up to here.", ReadAsync)
        {
            Request = HttpJson.Default.ReadRequest, Response = HttpJson.Default.WireReceipt,
        },
        new("GET", "conversations/{conversation}/receipts", "getReceipts", "How far the members are.", ReceiptsAsync)
        {
            Response = HttpJson.Default.ReceiptsResponse,
        },
        new("GET", "conversations/{conversation}/messages/{seq}/receipts", "getMessageReceipts", "Who has got and who has read a message.", MessageAsync)
        {
            Response = HttpJson.Default.WireMessageReceipts,
        },
        new("GET", "presence", "getPresence", "Whether users are there.", PresenceAsync)
        {
            Response = HttpJson.Default.PresenceResponse, Query = PresenceQuery,
        },
    ];

    private static async Task ReadAsync(HttpContext context)
    {
        var conversation = context.Conversation();
        var request = await context.ReadBodyAsync(HttpJson.Default.ReadRequest);
        var seq = request.Seq is >= 0 ? request.Seq.Value : throw RequestRefusedException.Invalid("seq must be a whole number.");
        var receipt = await context.Chat().MarkReadAsync(context.User(), conversation, seq, context.RequestAborted);
        await (receipt.IsSuccess
            ? context.AnswerAsync(WireMapper.ToWire(receipt.Value), HttpJson.Default.WireReceipt)
            : ProblemWriter.WriteAsync(context, receipt.Error));
    }

    private static async Task ReceiptsAsync(HttpContext context)
    {
        var receipts = await context.Chat().GetReceiptsAsync(context.User(), context.Conversation(), context.RequestAborted);
        await (receipts.IsSuccess
            ? context.AnswerAsync(new ReceiptsResponse([.. receipts.Value.Select(WireMapper.ToWire)]), HttpJson.Default.ReceiptsResponse)
            : ProblemWriter.WriteAsync(context, receipts.Error));
    }

    private static async Task MessageAsync(HttpContext context)
    {
        var receipts = await context.Chat().GetMessageReceiptsAsync(context.User(), context.Conversation(), context.SeqInPath(), context.RequestAborted);
        await (receipts.IsSuccess
            ? context.AnswerAsync(WireMapper.ToWire(receipts.Value), HttpJson.Default.WireMessageReceipts)
            : ProblemWriter.WriteAsync(context, receipts.Error));
    }

    private static async Task PresenceAsync(HttpContext context)
    {
        var users = context.Request.Query["user"];
        if (users.Count is 0 or > MostUsers)
        {
            throw RequestRefusedException.Invalid($"Give user 1 to {MostUsers} times.");
        }

        var ids = users.Select(user => ChatRequest.ParseUser(context, user, "user in the query")).ToArray();
        var presence = await context.Chat().GetPresenceAsync(context.User(), ids, context.RequestAborted);
        await (presence.IsSuccess
            ? context.AnswerAsync(new PresenceResponse([.. presence.Value.Select(WireMapper.ToWire)]), HttpJson.Default.PresenceResponse)
            : ProblemWriter.WriteAsync(context, presence.Error));
    }
}
