using System.Text.Json;
using System.Text.Json.Serialization;
using ChatKit.Wire;

namespace ChatKit.AspNetCore.Hubs;

/// <summary>Reads a Hello; null for anything that is none, which the hub refuses with a code.</summary>
internal sealed class HelloRequestConverter : JsonConverter<HelloRequest?>
{
    public override bool HandleNull => true;

    public override HelloRequest? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var start = reader;
        try
        {
            return JsonSerializer.Deserialize(ref reader, WireJson.Default.HelloRequest);
        }
        catch (JsonException)
        {
            reader = start;
            reader.Skip();
            return null;
        }
    }

    public override void Write(Utf8JsonWriter writer, HelloRequest? value, JsonSerializerOptions options) =>
        throw new NotSupportedException("The server says no Hello.");
}
