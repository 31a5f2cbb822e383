using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace ChatKit.AspNetCore.OpenApi;

/// <summary>The JSON schemas of the types in a description, each named once and referred to.</summary>
internal sealed class SchemaSet
{
    private readonly SortedDictionary<string, JsonNode> schemas = new(StringComparer.Ordinal);

    public JsonNode Reference(JsonTypeInfo type)
    {
        var name = type.Type.Name.Replace("Wire", "", StringComparison.Ordinal).Replace("Chat", "", StringComparison.Ordinal);
        if (!schemas.ContainsKey(name))
        {
            schemas[name] = new JsonObject();
            schemas[name] = JsonSchemaExporter.GetJsonSchemaAsNode(type, new JsonSchemaExporterOptions
            {
                TreatNullObliviousAsNonNullable = true,
                TransformSchemaNode = Transform,
            });
        }

        return new JsonObject { ["$ref"] = "#/components/schemas/" + name };
    }

    public JsonObject ToJson() => new(schemas.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (!context.Path.IsEmpty && context.TypeInfo.Kind == JsonTypeInfoKind.Object)
        {
            return Reference(context.TypeInfo);
        }

        if (schema is not JsonObject shape || shape["type"] is not JsonArray types)
        {
            return schema;
        }

        // A field without a value is absent, never null; and a number is a number, though one in quotes is understood.
        var kept = types.Select(type => (string)type!).Where(type => type != "null").ToList();
        if (kept.Contains("integer") || kept.Contains("number"))
        {
            kept.Remove("string");
            shape.Remove("pattern");
        }

        shape["type"] = kept.Count == 1 ? kept[0] : new JsonArray([.. kept.Select(type => (JsonNode?)type)]);
        return shape;
    }
}
