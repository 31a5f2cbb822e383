using ChatKit.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatKit.Client.Connection;

/// <summary>Renews the token of one live connection. One renewal at a time; a failed try is repeated with growing waits until the token has run out,
/// then the server ends the connection and the next one starts with a token of its own.</summary>
internal sealed class TokenRenewal(ChatClientOptions options, Func<RenewRequest, CancellationToken, Task<RenewReply>> renew)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    private readonly Lock gate = new();
    private readonly ILogger log = options.LoggerFactory?.CreateLogger<ChatClient>() ?? (ILogger)NullLogger.Instance;

    /// <summary>Completes, never faults, when no renewal is under way.</summary>
    public Task Done { get; private set; } = Task.CompletedTask;

    /// <param name="until">When the present token runs out, by this clock.</param>
    /// <param name="stopping">The connection is being closed.</param>
    public void Start(DateTimeOffset until, CancellationToken stopping)
    {
        lock (gate)
        {
            if (options.Tokens is { } tokens && Done.IsCompleted)
            {
                Done = Task.Run(() => RunAsync(tokens, until, stopping), CancellationToken.None);
            }
        }
    }

    private async Task RunAsync(Func<TokenReason, CancellationToken, Task<string?>> tokens, DateTimeOffset until, CancellationToken stopping)
    {
        try
        {
            var wait = FirstWait;
            while (!await TryAsync(tokens, until, stopping) && options.TimeProvider.GetUtcNow() + wait < until)
            {
                await Task.Delay(wait, options.TimeProvider, stopping);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The connection ends: the next one has a token of its own.
        }
    }

    /// <returns>False when another try makes sense.</returns>
    private async Task<bool> TryAsync(Func<TokenReason, CancellationToken, Task<string?>> tokens, DateTimeOffset until, CancellationToken stopping)
    {
        try
        {
            if (await tokens(TokenReason.Renewal, stopping) is not { } token)
            {
                Client.Log.TokenNotRenewed(log, until, "the provider gave none.", null);
                return true;
            }

            var reply = await renew(new RenewRequest { Token = token }, stopping);
            if (reply.Code is null)
            {
                Client.Log.TokenRenewed(log, reply.Expires);
                return true;
            }

            // A token of somebody else stays that.
            Client.Log.TokenNotRenewed(log, until, $"{reply.Code}: {reply.Message}", null);
            return reply.Code == ChatErrorCode.Forbidden.ToWire();
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            Client.Log.TokenNotRenewed(log, until, "the provider or the call failed.", exception);
            return false;
        }
    }
}
