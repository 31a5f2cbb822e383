using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChatKit.Wire;

/// <summary>The JSON of the wire: camel case, absent instead of null, unknown fields ignored. Source-generated, so trimming and AOT keep it.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip)]
[JsonSerializable(typeof(IReadOnlyList<CommandFrame>))]
[JsonSerializable(typeof(CommandFrame[]))]
[JsonSerializable(typeof(List<CommandFrame>))]
[JsonSerializable(typeof(IReadOnlyList<EventFrame>))]
[JsonSerializable(typeof(EventFrame[]))]
[JsonSerializable(typeof(List<EventFrame>))]
[JsonSerializable(typeof(EventFrame))]
[JsonSerializable(typeof(HelloRequest))]
[JsonSerializable(typeof(HelloReply))]
[JsonSerializable(typeof(RenewRequest))]
[JsonSerializable(typeof(RenewReply))]
[JsonSerializable(typeof(WireSyncPage))]
public sealed partial class WireJson : JsonSerializerContext;
