using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChatKit.Wire;

namespace ChatKit.AspNetCore.Hubs;

/// <summary>Gives SignalR's JSON protocol the wire's own JSON for the hub's own types, and nothing else: the hosts' hubs
/// keep their settings, and their settings do not reach ours.</summary>
internal sealed class WirePayload : IJsonTypeInfoResolver
{
    /// <summary>The tag of a command that could not be read. No client can give it a meaning: a command with it is refused as malformed.</summary>
    public const string MalformedTag = "\0malformed";

    public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options)
    {
        if (type == typeof(CommandFrame[]))
        {
            return JsonMetadataServices.CreateValueInfo<CommandFrame?[]?>(options, new CommandFramesConverter());
        }

        if (type == typeof(HelloRequest))
        {
            return JsonMetadataServices.CreateValueInfo<HelloRequest?>(options, new RequestConverter<HelloRequest>(WireJson.Default.HelloRequest));
        }

        if (type == typeof(HelloReply))
        {
            return JsonMetadataServices.CreateValueInfo<HelloReply>(options, new ReplyConverter<HelloReply>(WireJson.Default.HelloReply));
        }

        if (type == typeof(RenewRequest))
        {
            return JsonMetadataServices.CreateValueInfo<RenewRequest?>(options, new RequestConverter<RenewRequest>(WireJson.Default.RenewRequest));
        }

        return type == typeof(RenewReply)
            ? JsonMetadataServices.CreateValueInfo<RenewReply>(options, new ReplyConverter<RenewReply>(WireJson.Default.RenewReply))
            : null;
    }
}
