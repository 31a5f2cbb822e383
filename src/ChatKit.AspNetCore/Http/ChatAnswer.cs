using System.Text.Json.Serialization.Metadata;
using ChatKit.AspNetCore.Http.Contracts;
using Microsoft.AspNetCore.Http;

namespace ChatKit.AspNetCore.Http;

/// <summary>Writes answers.</summary>
internal static class ChatAnswer
{
    public static Task AnswerAsync<T>(this HttpContext context, T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(value, type, "application/json", context.RequestAborted);
    }

    public static Task AnswerAsync(this HttpContext context, ChatResult<SentMessage> result, int status = StatusCodes.Status200OK)
    {
        if (!result.IsSuccess)
        {
            return ProblemWriter.WriteAsync(context, result.Error);
        }

        var sent = result.Value;
        return context.AnswerAsync(
            new AcceptedResponse(sent.Conversation.Value, sent.Seq, sent.AcceptedAt, sent.Command.Value, sent.Duplicate),
            HttpJson.Default.AcceptedResponse,
            status);
    }
}
