using ChatKit.Sessions;

namespace ChatKit.AspNetCore.Http;

/// <summary>The body of a message as JSON carries it: text, or bytes in base64. By the rules of the hub's commands.</summary>
internal static class MessageBody
{
    public static (ReadOnlyMemory<byte> Body, string ContentType) Read(string? text, string? data, string? contentType)
    {
        var body = FrameParser.Body(text, data, contentType);
        return body.IsSuccess ? body.Value : throw new RequestRefusedException(body.Error);
    }
}
