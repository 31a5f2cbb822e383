using ChatKit.Delivery;
using ChatKit.Sessions;
using ChatKit.AspNetCore.Http.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.AspNetCore.Http.Endpoints;

/// <summary>The list of conversations, one of them, and typing in it.</summary>
internal static class ConversationEndpoints
{
    private static readonly QueryParameter[] ListQuery =
    [
        new("page", "string", "The token next of the page before."),
        new("limit", "integer", "How many at most: 1 to 200. Default 50.", "int32"),
    ];

    public static IEnumerable<EndpointSpec> All =>
    [
        new("GET", "conversations", "getConversations", "A page of conversations, the last active first.", ListAsync)
        {
            Response = HttpJson.Default.WireConversationPage, Query = ListQuery,
        },
        new("GET", "conversations/{conversation}", "getConversation", "One conversation with its members.", GetAsync)
        {
            Response = HttpJson.Default.WireConversation,
        },
        new("POST", "conversations/{conversation}/typing", "setTyping", "The user types, or stopped.", TypingAsync)
        {
            Class = ChatCommandClass.Signal, Request = HttpJson.Default.TypingRequest, Status = StatusCodes.Status204NoContent,
        },
    ];

    private static async Task ListAsync(HttpContext context)
    {
        var page = await context.Chat().GetConversationsAsync(
            context.User(), context.Query("page"), context.QueryInt("limit", 1, 200) ?? 50, context.RequestAborted);
        if (!page.IsSuccess)
        {
            await ProblemWriter.WriteAsync(context, page.Error);
            return;
        }

        await context.AnswerAsync(await Presenter(context).PresentAsync(page.Value, context.RequestAborted), HttpJson.Default.WireConversationPage);
    }

    private static async Task GetAsync(HttpContext context)
    {
        var conversation = await context.Chat().GetConversationAsync(context.User(), context.Conversation(), context.RequestAborted);
        if (!conversation.IsSuccess)
        {
            await ProblemWriter.WriteAsync(context, conversation.Error);
            return;
        }

        await context.AnswerAsync(await Presenter(context).PresentAsync(conversation.Value, context.RequestAborted), HttpJson.Default.WireConversation);
    }

    private static async Task TypingAsync(HttpContext context)
    {
        var conversation = context.Conversation();
        var request = await context.ReadBodyAsync(HttpJson.Default.TypingRequest);
        var typing = request.Typing ?? throw RequestRefusedException.Invalid("typing is missing: true or false.");
        var result = await context.RequestServices.GetRequiredService<TypingService>().SetAsync(context.User(), conversation, typing, context.RequestAborted);
        if (!result.IsSuccess)
        {
            await ProblemWriter.WriteAsync(context, result.Error);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static ConversationPresenter Presenter(HttpContext context) => context.RequestServices.GetRequiredService<ConversationPresenter>();
}
