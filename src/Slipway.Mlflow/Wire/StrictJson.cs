using System.Text.Json;
using System.Text.Unicode;

namespace Slipway.Mlflow.Wire;

/// <summary>Parses JSON whose texts are all texts, so that reading one later can't fail: valid UTF-8, and no escape of half a character.</summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <summary>Parses a body.</summary>
    /// <exception cref="JsonException">It is not JSON, nested more than 64 deep, or a text of it is none.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span))
        {
            throw new JsonException("the text is not valid UTF-8");
        }

        JsonDocument document = JsonDocument.Parse(json, Options);
        if (json.Span.IndexOf("\\ud"u8) < 0 && json.Span.IndexOf("\\uD"u8) < 0)
        {
            return document;
        }

        try
        {
            ReadTexts(document.RootElement);
            return document;
        }
        catch (InvalidOperationException half)
        {
            document.Dispose();
            throw new JsonException("a text has half a character", half);
        }
    }

    private static void ReadTexts(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                _ = value.GetString();
                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in value.EnumerateArray())
                {
                    ReadTexts(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    _ = member.Name;
                    ReadTexts(member.Value);
                }

                break;
            default:
                break;
        }
    }
}
