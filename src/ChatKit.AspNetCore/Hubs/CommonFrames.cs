using System.Text.Json;
using System.Text.Unicode;
using ChatKit.Wire;

namespace ChatKit.AspNetCore.Hubs;

/// <summary>Reads the commands that come with every message (send, ack) field by field. Whatever is not exactly as clients usually write it is left to the
/// serialiser, so both read the same.</summary>
internal static class CommonFrames
{
    /// <param name="reader">At the first token of a command. Where it ends up says nothing when the command was not read.</param>
    /// <param name="before">The command before it in the same call: what it has in common is not made again.</param>
    /// <returns>The command; null when it is for the serialiser.</returns>
    public static CommandFrame? TryRead(ref Utf8JsonReader reader, CommandFrame? before)
    {
        try
        {
            return Read(ref reader, before);
        }
        catch (InvalidOperationException)
        {
            // Not well-formed text: the serialiser knows what to say of it.
            return null;
        }
    }

    private static CommandFrame? Read(ref Utf8JsonReader reader, CommandFrame? before)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        string? tag = null, id = null, conversation = null;
        ReadOnlyMemory<byte>? text = null;
        List<WireCursor>? cursors = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("t"u8) && tag is null)
            {
                tag = Tag(ref reader);
            }
            else if (reader.ValueTextEquals("id"u8) && id is null)
            {
                id = Text(ref reader);
            }
            else if (reader.ValueTextEquals("conversation"u8) && conversation is null)
            {
                conversation = Text(ref reader, before?.Conversation);
            }
            else if (reader.ValueTextEquals("text"u8) && text is null)
            {
                text = Bytes(ref reader);
            }
            else if (!reader.ValueTextEquals("cursors"u8) || cursors is not null || (cursors = Cursors(ref reader)) is null)
            {
                return null;
            }

            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.EndArray))
            {
                return null;
            }
        }

        // Of other commands than these the text is wanted as text.
        return reader.TokenType == JsonTokenType.EndObject && (text is null || tag == CommandTags.Send)
            ? new CommandFrame { T = tag, Id = id, Conversation = conversation, Utf8Text = text, Cursors = cursors } : null;
    }

    private static string? Tag(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.String)
        {
            return null;
        }

        return reader.ValueTextEquals("send"u8) ? CommandTags.Send : reader.ValueTextEquals("ack"u8) ? CommandTags.Ack : reader.GetString();
    }

    private static string? Text(ref Utf8JsonReader reader, string? known = null)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.String)
        {
            return null;
        }

        return known is not null && reader.ValueTextEquals(known) ? known : reader.GetString();
    }

    private static ReadOnlyMemory<byte>? Bytes(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.String)
        {
            return null;
        }

        // Escaped, a text is never shorter.
        var bytes = new byte[reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length];
        var length = reader.CopyString(bytes);
        return Utf8.IsValid(bytes.AsSpan(0, length)) ? bytes.AsMemory(0, length) : throw new InvalidOperationException("Not UTF-8.");
    }

    private static List<WireCursor>? Cursors(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            return null;
        }

        var cursors = new List<WireCursor>(1);
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("conversation"u8) || Text(ref reader) is not { } conversation
                || !reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("seq"u8)
                || !reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var seq)
                || !reader.Read() || reader.TokenType != JsonTokenType.EndObject)
            {
                return null;
            }

            cursors.Add(new WireCursor(conversation, seq));
        }

        return reader.TokenType == JsonTokenType.EndArray ? cursors : null;
    }
}
