using System.Text.Json;
using System.Text.Json.Serialization;
using ChatKit.AspNetCore.Http.Contracts;
using ChatKit.Wire;

namespace ChatKit.AspNetCore.Http;

/// <summary>The JSON of plain HTTP, by the rules of <see cref="WireJson"/>. Source-generated, and independent of the host's own JSON settings.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip)]
[JsonSerializable(typeof(SendRequest))]
[JsonSerializable(typeof(EditRequest))]
[JsonSerializable(typeof(CreateGroupRequest))]
[JsonSerializable(typeof(AddMembersRequest))]
[JsonSerializable(typeof(LeaveRequest))]
[JsonSerializable(typeof(ReadRequest))]
[JsonSerializable(typeof(TypingRequest))]
[JsonSerializable(typeof(AcceptedResponse))]
[JsonSerializable(typeof(ReceiptsResponse))]
[JsonSerializable(typeof(PresenceResponse))]
[JsonSerializable(typeof(AntiforgeryResponse))]
[JsonSerializable(typeof(RenewalResponse))]
[JsonSerializable(typeof(ChatProblem))]
[JsonSerializable(typeof(WireMessagePage))]
[JsonSerializable(typeof(WireConversationPage))]
[JsonSerializable(typeof(WireConversation))]
[JsonSerializable(typeof(WireReceipt))]
[JsonSerializable(typeof(WireMessageReceipts))]
[JsonSerializable(typeof(WireSyncPage))]
internal sealed partial class HttpJson : JsonSerializerContext;
