using System.IO.Compression;
using System.Text.Json;

namespace ChatKit.Mls.Tests;

/// <summary>Reads the official vectors, which are embedded gzipped and otherwise unchanged.</summary>
internal static class VectorFile
{
    public static JsonElement[] Read(string name)
    {
        using var stream = typeof(VectorFile).Assembly.GetManifestResourceStream(name + ".json.gz")
            ?? throw new InvalidOperationException("No vector file " + name);
        using var gzip = new GZipStream(stream, CompressionMode.Decompress);
        using var document = JsonDocument.Parse(gzip);
        return [.. document.RootElement.Clone().EnumerateArray()];
    }

    /// <summary>The entries of the suites that are implemented; their number is asserted so that none gets lost.</summary>
    public static List<(MlsCipherSuite Suite, JsonElement Entry)> ReadSuites(string name, int expected)
    {
        var result = new List<(MlsCipherSuite, JsonElement)>();
        foreach (var entry in Read(name))
        {
            if (Suite(entry.GetProperty("cipher_suite").GetInt32()) is { } suite)
            {
                result.Add((suite, entry));
            }
        }

        Assert.Equal(expected, result.Count);
        return result;
    }

    public static IEnumerable<JsonElement> OtherSuites(string name) =>
        Read(name).Where(e => Suite(e.GetProperty("cipher_suite").GetInt32()) is null);

    public static MlsCipherSuite? Suite(int id) => id switch
    {
        1 => MlsCipherSuite.Mls128DhKemX25519Aes128GcmSha256Ed25519,
        3 => MlsCipherSuite.Mls128DhKemX25519ChaCha20Poly1305Sha256Ed25519,
        _ => null,
    };

    public static byte[] Hex(this JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);

    public static byte[] Hex(this JsonElement element) => Convert.FromHexString(element.GetString()!);

    public static byte[]? OptionalHex(this JsonElement element, string name) =>
        element.GetProperty(name).ValueKind == JsonValueKind.Null ? null : element.Hex(name);

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static byte[] Label(this JsonElement element, string name = "label") => System.Text.Encoding.ASCII.GetBytes(element.Text(name));

    public static uint UInt(this JsonElement element, string name) => element.GetProperty(name).GetUInt32();

    public static ulong ULong(this JsonElement element, string name) => element.GetProperty(name).GetUInt64();

    public static IEnumerable<JsonElement> List(this JsonElement element, string name) => element.GetProperty(name).EnumerateArray();

    /// <summary>Decodes and encodes again; the bytes must be the same and nothing may follow them.</summary>
    public static T RoundTrip<T>(byte[] data)
        where T : IMlsStructure<T>
    {
        var value = MlsCodec.Decode<T>(data);
        Assert.Equal(data, MlsCodec.Encode(value));
        return value;
    }
}
