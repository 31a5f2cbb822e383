using System.Text.Json;
using ChatKit.AspNetCore.Hubs;
using ChatKit.Wire;

namespace ChatKit.Benchmarks;

/// <summary>Reads commands as the hub does.</summary>
internal static class Door
{
    private static readonly CommandFramesConverter Converter = new();

    public static CommandFrame[]? Read(ReadOnlySpan<byte> commands)
    {
        var reader = new Utf8JsonReader(commands);
        reader.Read();
        return Converter.Read(ref reader, typeof(CommandFrame[]), JsonSerializerOptions.Default)!;
    }
}
