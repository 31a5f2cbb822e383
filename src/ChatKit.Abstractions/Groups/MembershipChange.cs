using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChatKit;

/// <summary>The body of a membership entry: JSON of content type <see cref="ContentType"/>, always in clear.</summary>
public sealed record MembershipChange
{
    /// <summary>The content type of membership entries.</summary>
    public const string ContentType = "application/vnd.chatkit.membership+json";

    /// <summary>What happens.</summary>
    public required MembershipAction Action { get; init; }

    /// <summary>The members it happens to.</summary>
    public required IReadOnlyList<MemberChange> Members { get; init; }

    /// <summary>Of a creation: what is created.</summary>
    public ConversationKind? Kind { get; init; }

    /// <summary>Of a creation: the group's title; null for direct conversations.</summary>
    public string? Title { get; init; }

    /// <summary>Of a creation: what later members see of the past.</summary>
    public GroupHistory? History { get; init; }

    /// <summary>Encodes the change as an entry's body.</summary>
    /// <returns>UTF-8 JSON.</returns>
    public byte[] ToBody() => JsonSerializer.SerializeToUtf8Bytes(this, MembershipJson.Default.MembershipChange);

    /// <summary>Decodes an entry's body.</summary>
    /// <param name="body">UTF-8 JSON.</param>
    /// <returns>The change.</returns>
    /// <exception cref="JsonException">The body is no membership change.</exception>
    public static MembershipChange FromBody(ReadOnlySpan<byte> body) =>
        JsonSerializer.Deserialize(body, MembershipJson.Default.MembershipChange) ?? throw new JsonException("A membership change is no null.");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MembershipChange))]
internal sealed partial class MembershipJson : JsonSerializerContext;
