using ChatKit.AspNetCore.Http.Contracts;
using ChatKit.Delivery;
using Microsoft.AspNetCore.Http;

namespace ChatKit.AspNetCore.Http.Endpoints;

/// <summary>Send, edit, delete and read messages.</summary>
internal static class MessageEndpoints
{
    private const int MostAssets = 256;

    private static readonly QueryParameter[] PageQuery =
    [
        new("before", "integer", "Messages before this seq, the nearest.", "int64"),
        new("after", "integer", "Messages after this seq, the nearest.", "int64"),
        new("beforeTime", "string", "Messages before this time, the nearest.", "date-time"),
        new("afterTime", "string", "Messages after this time, the nearest.", "date-time"),
        new("limit", "integer", "How many at most: 1 to 200. Without it as screenSize says, else 50.", "int32"),
        new("screenSize", "string", "The screen, WIDTHxHEIGHT in CSS pixels, from which the number of messages follows."),
    ];

    private static readonly QueryParameter[] IdQuery = [new("id", "string", "The id of the command: makes a retry safe.")];

    public static IEnumerable<EndpointSpec> All =>
    [
        new("POST", "conversations/{conversation}/messages", "sendMessage", "Send a message to a conversation.", SendAsync)
        {
            Class = ChatCommandClass.Write, Request = HttpJson.Default.SendRequest, Response = HttpJson.Default.AcceptedResponse, Status = StatusCodes.Status201Created,
        },
        new("POST", "direct/{user}/messages", "sendDirectMessage", "Send a message to a user.", SendDirectAsync)
        {
            Class = ChatCommandClass.Write, Request = HttpJson.Default.SendRequest, Response = HttpJson.Default.AcceptedResponse, Status = StatusCodes.Status201Created,
        },
        new("GET", "conversations/{conversation}/messages", "getMessages", "A page of a conversation's messages.", GetAsync)
        {
            Response = HttpJson.Default.WireMessagePage, Query = PageQuery,
        },
        new("GET", "direct/{user}/messages", "getDirectMessages", "A page of the messages with a user.", GetDirectAsync)
        {
            Response = HttpJson.Default.WireMessagePage, Query = PageQuery,
        },
        new("PUT", "conversations/{conversation}/messages/{seq}", "editMessage", "Give a message of one's own another body.", EditAsync)
        {
            Class = ChatCommandClass.Write, Request = HttpJson.Default.EditRequest, Response = HttpJson.Default.AcceptedResponse,
        },
        new("DELETE", "conversations/{conversation}/messages/{seq}", "deleteMessage", "Delete a message of one's own for everyone.", DeleteAsync)
        {
            Class = ChatCommandClass.Write, Response = HttpJson.Default.AcceptedResponse, Query = IdQuery,
        },
    ];

    private static async Task SendAsync(HttpContext context)
    {
        var conversation = context.Conversation();
        var message = await ReadAsync(context);
        await context.AnswerAsync(await context.Chat().SendAsync(message with { Conversation = conversation }, context.RequestAborted), StatusCodes.Status201Created);
    }

    private static async Task SendDirectAsync(HttpContext context)
    {
        var to = context.OtherUser();
        var message = await ReadAsync(context);
        await context.AnswerAsync(await context.Chat().SendAsync(message with { To = to }, context.RequestAborted), StatusCodes.Status201Created);
    }

    private static async Task<SendMessage> ReadAsync(HttpContext context)
    {
        var request = await context.ReadBodyAsync(HttpJson.Default.SendRequest);
        var (body, contentType) = MessageBody.Read(request.Text, request.Data, request.ContentType);
        return new SendMessage
        {
            From = context.User(),
            Body = body,
            ContentType = contentType,
            Assets = Assets(context, request.Assets ?? []),
            Command = ChatRequest.Command(request.Id),
        };
    }

    private static AssetId[] Assets(HttpContext context, IReadOnlyList<string> ids)
    {
        if (ids.Count > MostAssets)
        {
            throw RequestRefusedException.Invalid($"A message names at most {MostAssets} assets.");
        }

        return [.. ids.Select(id => IdRules.IsValid(id) ? new AssetId(id, context.User().Tenant) : throw RequestRefusedException.Invalid("assets has a malformed id."))];
    }

    private static async Task GetAsync(HttpContext context) => await PageAsync(context, context.Conversation());

    private static async Task GetDirectAsync(HttpContext context) => await PageAsync(context, ConversationId.Direct(context.User(), context.OtherUser()));

    private static async Task PageAsync(HttpContext context, ConversationId conversation)
    {
        ScreenSize? screen = null;
        if (context.Query("screenSize") is { } text)
        {
            screen = ScreenSize.TryParse(text, out var size)
                ? size : throw RequestRefusedException.Invalid("screenSize must be WIDTHxHEIGHT in CSS pixels, for example 390x844.");
        }

        var query = new MessageQuery
        {
            Reader = context.User(),
            Conversation = conversation,
            Before = context.QuerySeq("before"),
            After = context.QuerySeq("after"),
            BeforeTime = context.QueryTime("beforeTime"),
            AfterTime = context.QueryTime("afterTime"),
            Limit = context.QueryInt("limit", 1, 200),
            Screen = screen,
        };
        var bounds = (query.Before is null ? 0 : 1) + (query.After is null ? 0 : 1) + (query.BeforeTime is null ? 0 : 1) + (query.AfterTime is null ? 0 : 1);
        if (bounds > 1)
        {
            throw RequestRefusedException.Invalid("Give at most one of before, after, beforeTime and afterTime.");
        }

        var page = await context.Chat().GetMessagesAsync(query, context.RequestAborted);
        await (page.IsSuccess
            ? context.AnswerAsync(WireMapper.ToWire(page.Value), HttpJson.Default.WireMessagePage)
            : ProblemWriter.WriteAsync(context, page.Error));
    }

    private static async Task EditAsync(HttpContext context)
    {
        var conversation = context.Conversation();
        var seq = context.SeqInPath();
        var request = await context.ReadBodyAsync(HttpJson.Default.EditRequest);
        var (body, contentType) = MessageBody.Read(request.Text, request.Data, request.ContentType);
        var edit = new EditMessage
        {
            From = context.User(),
            Conversation = conversation,
            Seq = seq,
            Body = body,
            ContentType = contentType,
            Command = ChatRequest.Command(request.Id),
        };
        await context.AnswerAsync(await context.Chat().EditAsync(edit, context.RequestAborted));
    }

    private static async Task DeleteAsync(HttpContext context)
    {
        var deletion = new DeleteMessage
        {
            From = context.User(),
            Conversation = context.Conversation(),
            Seq = context.SeqInPath(),
            Command = ChatRequest.Command(context.Query("id")),
        };
        await context.AnswerAsync(await context.Chat().DeleteAsync(deletion, context.RequestAborted));
    }
}
