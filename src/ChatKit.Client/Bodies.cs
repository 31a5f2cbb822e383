using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ChatKit.Wire;

namespace ChatKit.Client;

/// <summary>Puts content into commands such that no content can make a frame the server cuts the connection for: that frame would be sent again
/// on the next connection, and cut it, for ever.</summary>
internal static class Bodies
{
    /// <summary>Below this no escaping can make a text too long for a frame.</summary>
    private const int SmallText = 16 * 1024;

    /// <summary>What the ids of one command may take together, half of the smallest usual frame.</summary>
    private const int MaxUserBytes = 128 * 1024;

    /// <summary>A text; one that JSON would blow up to more than its double (control characters take six bytes each) travels as base64.</summary>
    /// <exception cref="ArgumentException">The text is empty or not well-formed.</exception>
    public static CommandFrame WithText(this CommandFrame frame, string text)
    {
        CheckText(text, nameof(text));
        if (text.Length <= SmallText)
        {
            return frame with { Text = text };
        }

        var utf8 = Encoding.UTF8.GetBytes(text);
        var escaped = JsonEncodedText.Encode(utf8, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes.Length;
        return escaped <= 2L * utf8.Length
            ? frame with { Text = text }
            : frame with { Data = Convert.ToBase64String(utf8), ContentType = "text/plain" };
    }

    /// <exception cref="ChatClientException">The ids take too much room.</exception>
    public static CommandFrame WithUsers(this CommandFrame frame, IEnumerable<UserId> users)
    {
        var ids = new List<string>();
        var bytes = 0;
        foreach (var user in users)
        {
            bytes += Encoding.UTF8.GetByteCount(user.Value);
            if (bytes > MaxUserBytes)
            {
                throw new ChatClientException(ChatErrorCode.TooLarge, "Too many users for one command: add the others with another.");
            }

            ids.Add(user.Value);
        }

        return frame with { Users = ids };
    }

    /// <exception cref="ArgumentException">The text is empty or not well-formed.</exception>
    public static void CheckText(string text, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, name);
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var used) != System.Buffers.OperationStatus.Done)
            {
                throw new ArgumentException("The text has half a surrogate pair: it is not well-formed Unicode.", name);
            }

            rest = rest[used..];
        }
    }
}
