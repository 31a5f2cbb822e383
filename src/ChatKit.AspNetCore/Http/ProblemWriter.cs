using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ChatKit.AspNetCore.Http;

internal static class ProblemWriter
{
    public const string ContentType = "application/problem+json";

    public static async Task WriteAsync(HttpContext context, ChatError error, int? status = null)
    {
        if (context.Response.HasStarted)
        {
            // Half an answer cannot be taken back: the client must see that it is broken.
            context.Abort();
            return;
        }

        var code = error.Code.ToWire();
        var problem = new ChatProblem
        {
            Type = "urn:chatkit:error:" + code,
            Title = ErrorStatus.Title(error.Code),
            Status = status ?? ErrorStatus.Of(error.Code),
            Detail = error.Message,
            Code = code,
            RetryAfter = error.RetryAfter is { } after ? (long)Math.Ceiling(after.TotalMilliseconds) : null,
        };
        context.Response.StatusCode = problem.Status;
        context.Response.Headers.CacheControl = "no-store";
        if (error.RetryAfter is { } retry)
        {
            context.Response.Headers.RetryAfter = ((long)Math.Ceiling(retry.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        await context.Response.WriteAsJsonAsync(problem, HttpJson.Default.ChatProblem, ContentType, context.RequestAborted);
    }
}
