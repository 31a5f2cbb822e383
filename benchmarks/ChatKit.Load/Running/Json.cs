using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChatKit.Load.Running;

/// <summary>How the tool's processes write to each other, and the result file.</summary>
internal static class Json
{
    public static JsonSerializerOptions Line { get; } = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static JsonSerializerOptions File { get; } = new(Line) { WriteIndented = true };
}
