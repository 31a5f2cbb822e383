using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChatKit.Testing;

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(RecordLine))]
[JsonSerializable(typeof(RecordHeader))]
internal sealed partial class RecordJson : JsonSerializerContext;
