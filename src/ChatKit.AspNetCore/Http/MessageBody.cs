using System.Text;

namespace ChatKit.AspNetCore.Http;

/// <summary>The body of a message as JSON carries it: text, or bytes in base64.</summary>
internal static class MessageBody
{
    public static (byte[] Body, string ContentType) Read(string? text, string? data, string? contentType)
    {
        if (text is not null == data is not null)
        {
            throw RequestRefusedException.Invalid("Give the body either as text or as data.");
        }

        if (text is not null)
        {
            if (contentType is not null && !contentType.StartsWith("text/", StringComparison.OrdinalIgnoreCase))
            {
                throw RequestRefusedException.Invalid("text goes with a content type of text/…; give other bodies as data.");
            }

            return (Encoding.UTF8.GetBytes(text), contentType ?? "text/plain");
        }

        var buffer = new byte[((data!.Length / 4) + 1) * 3];
        if (!Convert.TryFromBase64String(data, buffer, out var length))
        {
            throw RequestRefusedException.Invalid("data is no base64.");
        }

        return (buffer[..length], contentType ?? "application/octet-stream");
    }
}
