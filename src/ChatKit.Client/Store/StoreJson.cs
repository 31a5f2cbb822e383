using System.Text.Json;
using System.Text.Json.Serialization;
using ChatKit.Wire;

namespace ChatKit.Client.Store;

/// <summary>The values of the records.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredClient))]
[JsonSerializable(typeof(StoredCommand))]
[JsonSerializable(typeof(StoredPosition))]
[JsonSerializable(typeof(WireEntry))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(string))]
internal sealed partial class StoreJson : JsonSerializerContext;
