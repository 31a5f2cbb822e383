using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChatKit.AspNetCore.Http;

namespace ChatKit.AspNetCore.OpenApi;

/// <summary>The OpenAPI 3.1 description, made of the same list the endpoints are mapped from.</summary>
internal static class OpenApiDocument
{
    public static byte[] Create(IReadOnlyList<EndpointSpec> endpoints, string server)
    {
        var schemas = new SchemaSet();
        var paths = new JsonObject();
        foreach (var endpoint in endpoints)
        {
            var path = "/" + endpoint.Pattern;
            if (paths[path] is not JsonObject item)
            {
                paths[path] = item = [];
            }

            item[endpoint.Method.ToLowerInvariant()] = Operation(endpoint, schemas);
        }

        var problem = schemas.Reference(HttpJson.Default.ChatProblem);
        var document = new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject { ["title"] = "ChatKit", ["version"] = "1", ["description"] = "Chat over plain HTTP. Live events come over the SignalR hub at `hub`, or by the long poll `sync`." },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = server }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas.ToJson(),
                ["responses"] = new JsonObject
                {
                    ["Problem"] = new JsonObject
                    {
                        ["description"] = "Refused: problem details with a stable code.",
                        ["content"] = new JsonObject { [ProblemWriter.ContentType] = new JsonObject { ["schema"] = problem } },
                    },
                },
                ["securitySchemes"] = new JsonObject
                {
                    ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                    ["cookie"] = new JsonObject { ["type"] = "apiKey", ["in"] = "cookie", ["name"] = "(the host's sign-in cookie)" },
                },
            },
            ["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }, new JsonObject { ["cookie"] = new JsonArray() }),
        };
        return Encoding.UTF8.GetBytes(document.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    }

    private static JsonObject Operation(EndpointSpec endpoint, SchemaSet schemas)
    {
        var operation = new JsonObject { ["operationId"] = endpoint.Name, ["summary"] = endpoint.Summary };
        var parameters = new JsonArray();
        foreach (var name in RouteParameters(endpoint.Pattern))
        {
            parameters.Add(new JsonObject
            {
                ["name"] = name,
                ["in"] = "path",
                ["required"] = true,
                ["schema"] = name == "seq" ? new JsonObject { ["type"] = "integer", ["format"] = "int64" } : new JsonObject { ["type"] = "string" },
            });
        }

        foreach (var query in endpoint.Query)
        {
            var schema = new JsonObject { ["type"] = query.Type };
            if (query.Format is not null)
            {
                schema["format"] = query.Format;
            }

            if (query.Type == "array")
            {
                schema["items"] = new JsonObject { ["type"] = "string" };
            }

            parameters.Add(new JsonObject
            {
                ["name"] = query.Name,
                ["in"] = "query",
                ["required"] = query.Required,
                ["description"] = query.Description,
                ["schema"] = schema,
            });
        }

        if (parameters.Count > 0)
        {
            operation["parameters"] = parameters;
        }

        if (endpoint.Request is not null)
        {
            operation["requestBody"] = new JsonObject { ["required"] = !endpoint.RequestOptional, ["content"] = Json(schemas.Reference(endpoint.Request)) };
        }

        var success = new JsonObject { ["description"] = endpoint.Status == 204 ? "Done." : endpoint.Status == 201 ? "Committed." : "The answer." };
        if (endpoint.Response is not null)
        {
            success["content"] = Json(schemas.Reference(endpoint.Response));
        }
        else if (endpoint.Status != 204)
        {
            success["content"] = Json(new JsonObject { ["type"] = "object" });
        }

        operation["responses"] = new JsonObject
        {
            [endpoint.Status.ToString(System.Globalization.CultureInfo.InvariantCulture)] = success,
            ["default"] = new JsonObject { ["$ref"] = "#/components/responses/Problem" },
        };
        return operation;
    }

    private static JsonObject Json(JsonNode schema) => new() { ["application/json"] = new JsonObject { ["schema"] = schema } };

    private static IEnumerable<string> RouteParameters(string pattern)
    {
        foreach (var segment in pattern.Split('/'))
        {
            if (segment.StartsWith('{'))
            {
                yield return segment.Trim('{', '}');
            }
        }
    }
}
