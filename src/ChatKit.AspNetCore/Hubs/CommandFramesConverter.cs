using System.Text.Json;
using System.Text.Json.Serialization;
using ChatKit.Wire;

namespace ChatKit.AspNetCore.Hubs;

/// <summary>Reads commands one by one, so that a malformed one costs only itself. What is no array of commands becomes one malformed command.</summary>
internal sealed class CommandFramesConverter : JsonConverter<CommandFrame?[]?>
{
    public override bool HandleNull => true;

    public override CommandFrame?[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader);

    /// <param name="reader">At the first token.</param>
    public static CommandFrame?[] Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return [null];
        }

        var frames = new List<CommandFrame?>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (frames.Count > HubCommands.Most)
            {
                // One too many is enough to refuse them all.
                reader.Skip();
                continue;
            }

            frames.Add(ReadFrame(ref reader, frames.Count > 0 ? frames[^1] : null));
        }

        return [.. frames];
    }

    public override void Write(Utf8JsonWriter writer, CommandFrame?[]? value, JsonSerializerOptions options) =>
        throw new NotSupportedException("The server sends no commands.");

    private static CommandFrame? ReadFrame(ref Utf8JsonReader reader, CommandFrame? before)
    {
        var start = reader;
        if (CommonFrames.TryRead(ref reader, before) is { } frame)
        {
            return frame;
        }

        reader = start;
        try
        {
            return JsonSerializer.Deserialize(ref reader, WireJson.Default.CommandFrame);
        }
        catch (JsonException)
        {
            // The answer names the command by its id, when it has a readable one.
            var id = ReadId(start);
            reader = start;
            reader.Skip();
            return new CommandFrame { T = WirePayload.MalformedTag, Id = id };
        }
    }

    private static string? ReadId(Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isId = reader.ValueTextEquals("id"u8);
            reader.Read();
            if (isId)
            {
                return reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= IdRules.MaxBytes ? ReadText(ref reader) : null;
            }

            reader.Skip();
        }

        return null;
    }

    private static string? ReadText(ref Utf8JsonReader reader)
    {
        try
        {
            var text = reader.GetString();
            return IdRules.IsValid(text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            // Not well-formed text (half a surrogate pair, broken UTF-8): then it is no id.
            return null;
        }
    }
}
