using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using ChatKit.Wire;

namespace ChatKit.Sessions;

/// <summary>What a long poll's token says: the store's incarnation, and how far the answer it came with reached. Opaque to clients.</summary>
/// <param name="Incarnation">The incarnation; null in no token.</param>
/// <param name="Cursors">The positions.</param>
internal sealed record SyncToken(string? Incarnation, IReadOnlyList<WireCursor> Cursors)
{
    /// <summary>Keeps a token in a request line.</summary>
    public const int MaxCursors = 60;
    private const int MaxLength = 32 * 1024;

    public static bool TryRead(string? text, out SyncToken token)
    {
        token = new SyncToken(null, []);
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        if (text.Length > MaxLength || !Base64Url.IsValid(text))
        {
            return false;
        }

        try
        {
            // The shape of a Hello: incarnation and cursors.
            var hello = JsonSerializer.Deserialize(Base64Url.DecodeFromChars(text), WireJson.Default.HelloRequest);
            token = new SyncToken(hello?.Incarnation, hello?.Cursors ?? []);
            return hello is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public override string ToString()
    {
        var json = JsonSerializer.Serialize(new HelloRequest { Incarnation = Incarnation, Cursors = Cursors }, WireJson.Default.HelloRequest);
        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
    }
}
