using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Slipway.Protocols.Http;

namespace Slipway.Mlflow.Wire;

/// <summary>Reads the fields of a request: the query of a GET or HEAD, the JSON body of everything else.</summary>
internal static class MlflowRequests
{
    private const int MostQueryValues = 10_000;

    /// <summary>Reads the fields as one JSON object; no body is an empty one.</summary>
    /// <exception cref="MlflowException">The body is no JSON, or has another content type.</exception>
    public static async Task<JsonDocument> ReadAsync(HttpContext context, BodyLimits limits)
    {
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        {
            return FromQuery(context.Request.Query);
        }

        await using RequestBody source = RequestBody.Open(context, limits);
        ReadOnlyMemory<byte> bytes = await source.ReadRestAsync(limits.Options.MaxJsonBytes, context.RequestAborted);
        if (bytes.IsEmpty)
        {
            return JsonDocument.Parse("{}");
        }

        if (!HttpMethods.IsDelete(context.Request.Method))
        {
            CheckContentType(context.Request.ContentType);
        }

        // The document keeps the memory it is given, which goes back to its pool before the document does.
        return Normalize(Parse(bytes.ToArray()));
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return StrictJson.Parse(json);
        }
        catch (JsonException)
        {
            throw MlflowException.Invalid("The request body is not valid JSON.");
        }
    }

    // Old clients send the object as text within a text; some send null for nothing.
    private static JsonDocument Normalize(JsonDocument document)
    {
        switch (document.RootElement.ValueKind)
        {
            case JsonValueKind.Object:
                return document;
            case JsonValueKind.Null:
                document.Dispose();
                return JsonDocument.Parse("{}");
            case JsonValueKind.String:
                using (document)
                {
                    JsonDocument inner = Parse(System.Text.Encoding.UTF8.GetBytes(document.RootElement.GetString()!));
                    if (inner.RootElement.ValueKind == JsonValueKind.Object)
                    {
                        return inner;
                    }

                    inner.Dispose();
                }

                break;
            default:
                document.Dispose();
                break;
        }

        throw MlflowException.Invalid("The request body must be a JSON object.");
    }

    private static void CheckContentType(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType))
        {
            throw MlflowException.Invalid("Bad Request. Content-Type header is missing.");
        }

        ReadOnlySpan<char> type = contentType.AsSpan();
        int parameters = type.IndexOf(';');
        if (!(parameters < 0 ? type : type[..parameters]).Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            throw MlflowException.Invalid("Bad Request. Content-Type must be one of ['application/json'].");
        }
    }

    // Which fields repeat is known to whoever reads them, so that every field becomes a list when its name says so or it comes several times.
    private static JsonDocument FromQuery(IQueryCollection query)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            int values = 0;
            json.WriteStartObject();
            foreach ((string key, StringValues texts) in query)
            {
                values += texts.Count;
                if (values > MostQueryValues)
                {
                    throw MlflowException.Invalid($"The query has more than {MostQueryValues} values.");
                }

                if (!Repeats(key))
                {
                    json.WriteString(key, texts.Count == 0 ? "" : texts[0]);
                    continue;
                }

                json.WriteStartArray(key);
                foreach (string? text in texts)
                {
                    json.WriteStringValue(text);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.WrittenMemory);
    }

    private static bool Repeats(string key) => key is "stages" or "order_by" or "run_ids" or "experiment_ids";
}
