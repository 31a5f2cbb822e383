using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChatKit.AspNetCore.Http;

/// <summary>Reads what a request says. Everything malformed is refused with a sentence that names the value.</summary>
internal static class ChatRequest
{
    private static readonly object UserKey = new();

    public static void SetUser(HttpContext context, UserId user) => context.Items[UserKey] = user;

    /// <summary>The signed-in user, as the gate found him.</summary>
    public static UserId User(this HttpContext context) => (UserId)context.Items[UserKey]!;

    public static IChatKit Chat(this HttpContext context) => context.RequestServices.GetRequiredService<IChatKit>();

    public static ConversationId Conversation(this HttpContext context) =>
        ConversationId.TryCreate(Route(context, "conversation"), context.User().Tenant, out var id)
            ? id : throw RequestRefusedException.Invalid("The conversation's id in the path is malformed.");

    public static UserId OtherUser(this HttpContext context) => ParseUser(context, Route(context, "user"), "user in the path");

    public static UserId ParseUser(HttpContext context, string? text, string what) => UserId.TryCreate(text, context.User().Tenant, out var id)
        ? id : throw RequestRefusedException.Invalid($"The {what} is no user id: 1 to 128 bytes without control characters.");

    public static IReadOnlyList<UserId> ParseUsers(HttpContext context, IReadOnlyList<string>? users)
    {
        if (users is null)
        {
            throw RequestRefusedException.Invalid("users is missing.");
        }

        var ids = new UserId[users.Count];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = ParseUser(context, users[i], $"user at users[{i}]");
        }

        return ids;
    }

    public static long SeqInPath(this HttpContext context) => ParseSeq(Route(context, "seq"), "seq in the path");

    public static CommandId Command(string? id)
    {
        if (id is null)
        {
            return CommandId.New();
        }

        return IdRules.IsValid(id) ? new CommandId(id) : throw RequestRefusedException.Invalid("id must have 1 to 128 bytes of text without control characters.");
    }

    public static string? Query(this HttpContext context, string name)
    {
        var values = context.Request.Query[name];
        return values.Count switch
        {
            0 => null,
            1 => values[0],
            _ => throw RequestRefusedException.Invalid($"{name} is given more than once."),
        };
    }

    public static long? QuerySeq(this HttpContext context, string name) => context.Query(name) is { } text ? ParseSeq(text, name) : null;

    public static int? QueryInt(this HttpContext context, string name, int min, int max)
    {
        if (context.Query(name) is not { } text)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
            ? value : throw RequestRefusedException.Invalid($"{name} must be a number from {min} to {max}.");
    }

    public static DateTimeOffset? QueryTime(this HttpContext context, string name)
    {
        if (context.Query(name) is not { } text)
        {
            return null;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var value)
            ? value : throw RequestRefusedException.Invalid($"{name} must be a time of ISO 8601; write the + of an offset as %2B.");
    }

    public static ChatError TooLarge(int max) => new(ChatErrorCode.TooLarge, $"The body is larger than {max} bytes.");

    /// <summary>Reads the JSON body, never holding more of it than the limit.</summary>
    /// <param name="context">The request.</param>
    /// <param name="type">What it should be.</param>
    /// <param name="optional">Whether an empty body stands for an empty object.</param>
    public static async ValueTask<T> ReadBodyAsync<T>(this HttpContext context, JsonTypeInfo<T> type, bool optional = false)
        where T : class, new()
    {
        var request = context.Request;
        var max = context.RequestServices.GetRequiredService<IOptions<ChatKitWebOptions>>().Value.MaxRequestBytes;
        if (request.ContentLength > max)
        {
            throw new RequestRefusedException(TooLarge(max));
        }

        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.Buffer.Length > max)
            {
                reader.AdvanceTo(read.Buffer.Start);
                throw new RequestRefusedException(TooLarge(max));
            }

            if (!read.IsCompleted)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            try
            {
                if (optional && read.Buffer.IsEmpty)
                {
                    return new T();
                }

                if (!request.HasJsonContentType())
                {
                    throw RequestRefusedException.Invalid("Send the body as JSON, with Content-Type: application/json.");
                }

                return Parse(read.Buffer, type);
            }
            finally
            {
                reader.AdvanceTo(read.Buffer.End);
            }
        }
    }

    private static T Parse<T>(ReadOnlySequence<byte> body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            var json = new Utf8JsonReader(body);
            var value = JsonSerializer.Deserialize(ref json, type);
            if (value is not null && !json.Read())
            {
                return value;
            }
        }
        catch (JsonException exception)
        {
            // The path comes from the body's own field names and says where to look; the exception's text stays here.
            throw RequestRefusedException.Invalid($"The body is not the JSON expected{(exception.Path is { Length: > 0 and <= 128 } path ? $" at {path}" : "")}.");
        }

        throw RequestRefusedException.Invalid("The body is not one JSON object.");
    }

    private static long ParseSeq(string text, string what) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            ? seq : throw RequestRefusedException.Invalid($"{what} must be a whole number.");

    /// <summary>Routing leaves an encoded slash as it is; ids may contain one.</summary>
    private static string Route(HttpContext context, string name) =>
        ((string)context.GetRouteValue(name)!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
