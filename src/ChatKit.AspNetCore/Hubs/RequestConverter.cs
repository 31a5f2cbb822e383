using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ChatKit.AspNetCore.Hubs;

/// <summary>Reads what a call of the hub takes; null for anything that is none, which the hub refuses with a code.</summary>
internal sealed class RequestConverter<T>(JsonTypeInfo<T> type) : JsonConverter<T?>
    where T : class
{
    public override bool HandleNull => true;

    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var start = reader;
        try
        {
            return JsonSerializer.Deserialize(ref reader, type);
        }
        catch (JsonException)
        {
            reader = start;
            reader.Skip();
            return null;
        }
    }

    public override void Write(Utf8JsonWriter writer, T? value, JsonSerializerOptions options) =>
        throw new NotSupportedException("The server makes no such call.");
}
