using System.Text.Json;
using ChatKit.Wire;

namespace ChatKit.AspNetCore.Hubs;

/// <summary>Reads calls of <c>Frames</c> from SignalR's JSON protocol, as its clients for .NET and for JavaScript write them. Whatever is not exactly that is SignalR's to read.</summary>
internal static class FramesCalls
{
    /// <summary>The end of every message of SignalR's JSON protocol; JSON itself cannot contain it.</summary>
    public const byte Separator = 0x1e;

    private static ReadOnlySpan<byte> Head => "{\"type\":1,\"target\":\"Frames\",\"arguments\":["u8;

    private static ReadOnlySpan<byte> Tail => "]}"u8;

    private static ReadOnlySpan<byte> ScriptHead => "{\"arguments\":["u8;

    private static ReadOnlySpan<byte> ScriptTail => "],\"target\":\"Frames\",\"type\":1}"u8;

    /// <param name="message">One or more whole messages of SignalR.</param>
    /// <param name="calls">Gets the commands of each call; what it has got says nothing when not all were read.</param>
    /// <returns>Whether all were such calls.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, List<CommandFrame?[]> calls)
    {
        try
        {
            while (!message.IsEmpty)
            {
                var end = message.IndexOf(Separator);
                if (end < 0 || Argument(message[..end]) is not { IsEmpty: false } argument)
                {
                    return false;
                }

                var reader = new Utf8JsonReader(argument);
                if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
                {
                    return false;
                }

                calls.Add(CommandFramesConverter.Read(ref reader));
                if (reader.Read())
                {
                    return false;
                }

                message = message[(end + 1)..];
            }

            return true;
        }
        catch (JsonException)
        {
            // SignalR says what is wrong with it.
            return false;
        }
    }

    private static ReadOnlySpan<byte> Argument(ReadOnlySpan<byte> call)
    {
        if (call.StartsWith(Head) && call.EndsWith(Tail))
        {
            return call[Head.Length..^Tail.Length];
        }

        return call.StartsWith(ScriptHead) && call.EndsWith(ScriptTail) && call.Length >= ScriptHead.Length + ScriptTail.Length ? call[ScriptHead.Length..^ScriptTail.Length] : default;
    }
}
