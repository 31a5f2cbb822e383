using ChatKit.Sessions;
using ChatKit.Wire;
using Microsoft.Extensions.Logging;

namespace ChatKit.AspNetCore.Hubs;

/// <summary>Takes the commands of one call of <c>Frames</c>. Calls of a connection come one after the other, so nothing here waits for a commit.</summary>
internal sealed class HubCommands(ILogger<HubCommands> logger)
{
    /// <summary>The most commands in one call.</summary>
    public const int Most = ChatSession.MaxFrames;

    /// <returns>Why nothing of the call was done; null when it was taken.</returns>
    public async ValueTask<ChatError?> ReceiveAsync(ChatConnection connection, CommandFrame?[] commands)
    {
        if (commands.Length > Most)
        {
            var error = new ChatError(ChatErrorCode.TooLarge, $"A call of Frames takes at most {Most} commands; none of these was done.");
            await connection.RefuseAsync([null], error).ConfigureAwait(false);
            return error;
        }

        if (connection.Session is not { } session)
        {
            await connection.RefuseAsync(commands, new ChatError(ChatErrorCode.HelloRequired, "Call Hello first.")).ConfigureAwait(false);
            return null;
        }

        var good = await RefuseMalformedAsync(connection, commands).ConfigureAwait(false);
        if (good.Count > 0)
        {
            await session.ReceiveAsync(good).ConfigureAwait(false);
        }

        return null;
    }

    private ValueTask<IReadOnlyList<CommandFrame>> RefuseMalformedAsync(ChatConnection connection, CommandFrame?[] commands)
    {
        foreach (var command in commands)
        {
            if (IsMalformed(command))
            {
                return SeparateAsync(connection, commands);
            }
        }

        return new(commands!);
    }

    private async ValueTask<IReadOnlyList<CommandFrame>> SeparateAsync(ChatConnection connection, CommandFrame?[] commands)
    {
        var malformed = Array.FindAll(commands, IsMalformed);
        DoorLog.MalformedFrames(logger, connection.Id, malformed.Length);
        await connection.RefuseAsync(malformed, new ChatError(ChatErrorCode.Invalid, "The command is not a JSON object with the fields of its tag.")).ConfigureAwait(false);
        return Array.FindAll(commands, static command => !IsMalformed(command))!;
    }

    private static bool IsMalformed(CommandFrame? command) => command is null || command.T == WirePayload.MalformedTag;
}
