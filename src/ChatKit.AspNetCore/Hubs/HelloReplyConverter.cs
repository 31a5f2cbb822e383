using System.Text.Json;
using System.Text.Json.Serialization;
using ChatKit.Wire;

namespace ChatKit.AspNetCore.Hubs;

/// <summary>Writes the answer to Hello.</summary>
internal sealed class HelloReplyConverter : JsonConverter<HelloReply>
{
    public override HelloReply? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("The server gets no answer to Hello.");

    public override void Write(Utf8JsonWriter writer, HelloReply value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, WireJson.Default.HelloReply);
}
