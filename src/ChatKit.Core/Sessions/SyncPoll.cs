using ChatKit.Wire;

namespace ChatKit.Sessions;

/// <summary>The plain long poll: one request is one short session through the same pump, so curl gets what a socket gets.</summary>
internal sealed class SyncPoll(SessionManager manager, TimeProvider time)
{
    public const int MaxEntries = 1000;
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    public async ValueTask<ChatResult<WireSyncPage>> PollAsync(
        UserId user, string? device, string? after, TimeSpan wait, int max, CancellationToken cancellationToken)
    {
        if (max is < 1 or > MaxEntries || wait < TimeSpan.Zero || wait > MaxWait)
        {
            return new ChatError(ChatErrorCode.Invalid, $"max: 1 to {MaxEntries}; wait: 0 to {MaxWait.TotalSeconds} seconds.");
        }

        if (!SyncToken.TryRead(after, out var token))
        {
            return new ChatError(ChatErrorCode.Invalid, "after: the next of the answer before.");
        }

        var collector = new PollTransport(user, max);
        var hello = new HelloRequest
        {
            Versions = [SessionManager.ProtocolVersion],
            Device = device ?? "http",
            Incarnation = token.Incarnation,
            Cursors = token.Cursors,
            Background = true,
        };
        var outcome = await manager.OpenAsync(user, hello, collector, cancellationToken, max).ConfigureAwait(false);
        if (outcome.Session is not { } session)
        {
            return new ChatError(
                CodeOf(outcome.Reply.Code), outcome.Reply.Message ?? "",
                outcome.Reply.RetryAfter is { } pause ? TimeSpan.FromMilliseconds(pause) : null);
        }

        try
        {
            session.Pump.Begin();
            if (!outcome.Reply.Reset)
            {
                // What is pending is answered also when the caller does not want to wait.
                await session.Pump.CaughtUp.WaitAsync(cancellationToken).ConfigureAwait(false);
                await collector.WaitAsync(wait, time, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await session.CloseAsync().ConfigureAwait(false);
        }

        if (collector.Goodbye is { } goodbye)
        {
            return new ChatError(CodeOf(goodbye.Code), goodbye.Message ?? "", TimeSpan.FromSeconds(1));
        }

        var events = collector.Take(out var cursors);
        return new WireSyncPage(events, new SyncToken(outcome.Reply.Incarnation, cursors).ToString(), outcome.Reply.Reset);
    }

    private static ChatErrorCode CodeOf(string? text) => ChatErrorCodes.TryParse(text, out var code) ? code : ChatErrorCode.Unavailable;
}
