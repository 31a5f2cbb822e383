using System.Globalization;
using ChatKit.AspNetCore.RateLimits;
using ChatKit.AspNetCore.Security;
using ChatKit.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ChatKit.AspNetCore.Http.Endpoints;

/// <summary>The plain long poll.</summary>
internal static class SyncEndpoints
{
    private const int DefaultWait = 25;
    private const int DefaultMax = 100;

    private static readonly QueryParameter[] SyncQuery =
    [
        new("device", "string", "The id this installation chose and keeps."),
        new("after", "string", "The token next of the last answer: by it the client says that it has persisted those events."),
        new("wait", "number", "How many seconds to wait for something to arrive. Default 25."),
        new("max", "integer", "How many entries at most: 1 to 1,000. Default 100.", "int32"),
    ];

    public static IEnumerable<EndpointSpec> All =>
    [
        new("GET", "sync", "sync", "The plain long poll: answers when something is pending for the device, or after wait seconds without.", SyncAsync)
        {
            Response = HttpJson.Default.WireSyncPage, Query = SyncQuery,
        },
    ];

    private static async Task SyncAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var longest = services.GetRequiredService<IOptions<ChatKitWebOptions>>().Value.LongPollMax;
        var wait = Wait(context.Query("wait"));
        var device = context.Query("device");
        if (device is not null && !IdRules.IsValid(device))
        {
            throw RequestRefusedException.Invalid("device must have 1 to 128 bytes of text without control characters.");
        }

        var counts = services.GetRequiredService<ConnectionCounts>();
        if (counts.TryAdd(context.User()) is { } full)
        {
            await ProblemWriter.WriteAsync(context, full);
            return;
        }

        try
        {
            await PollAsync(context, device, wait < longest ? wait : longest);
        }
        finally
        {
            counts.Remove(context.User());
        }
    }

    private static async Task PollAsync(HttpContext context, string? device, TimeSpan wait)
    {
        var services = context.RequestServices;

        // A waiting poll must not hold up the host's stop.
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        if (SignInExpiry.Find(context) - services.GetRequiredService<TimeProvider>().GetUtcNow() is { } left && left < wait)
        {
            // What arrives after the sign-in's end is not for this request.
            wait = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }

        var page = await services.GetRequiredService<SyncPoll>().PollAsync(
            context.User(), device, context.Query("after"), wait, context.QueryInt("max", 1, 1000) ?? DefaultMax, either.Token);
        await (page.IsSuccess
            ? context.AnswerAsync(page.Value, HttpJson.Default.WireSyncPage)
            : ProblemWriter.WriteAsync(context, page.Error));
    }

    private static TimeSpan Wait(string? text)
    {
        if (text is null)
        {
            return TimeSpan.FromSeconds(DefaultWait);
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= 3600
            ? TimeSpan.FromSeconds(seconds) : throw RequestRefusedException.Invalid("wait must be a number of seconds, 0 or more.");
    }
}
