using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Protocols.Http;

namespace Slipway.Mlflow.Wire;

/// <summary>Writes the properties of an answer, whose braces are already there.</summary>
internal delegate void MlflowAnswer(Utf8JsonWriter json);

/// <summary>
/// JSON as protobuf's mapping has it with MLflow's exceptions: names in snake case, 64-bit integers as numbers, NaN and infinities as strings, empty lists and unset fields left out.
/// </summary>
internal static class MlflowJson
{
    // Answers are read by JSON parsers only; names in other scripts stay readable.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An empty object.</summary>
    public static MlflowAnswer Empty { get; } = static _ => { };

    /// <summary>Sends an object; the status is left as it is.</summary>
    public static async Task SendAsync(HttpContext context, MlflowAnswer answer)
    {
        using ResponseBuffer body = new();
        await using (Utf8JsonWriter json = new(body, Options))
        {
            json.WriteStartObject();
            answer(json);
            json.WriteEndObject();
        }

        await body.SendJsonAsync(context);
    }

    /// <summary>Writes a double; integral ones keep a fraction, as clients in Python show them.</summary>
    public static void WriteDouble(this Utf8JsonWriter json, string name, double value)
    {
        if (!double.IsFinite(value))
        {
            json.WriteString(name, double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
            return;
        }

        string text = value.ToString("R", CultureInfo.InvariantCulture);
        json.WritePropertyName(name);
        json.WriteRawValue(text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text, skipInputValidation: true);
    }

    /// <summary>Writes a string, or nothing when it is null or empty.</summary>
    public static void WriteIfAny(this Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(name, value);
        }
    }

    /// <summary>Writes a time in milliseconds since 1970.</summary>
    public static void WriteTime(this Utf8JsonWriter json, string name, DateTimeOffset time) => json.WriteNumber(name, time.ToUnixTimeMilliseconds());

    /// <summary>Writes a list of <c>{"key": …, "value": …}</c> by key, or nothing when it is empty.</summary>
    public static void WritePairs(this Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> pairs) =>
        json.WriteObjects(name, pairs.OrderBy(static pair => pair.Key, StringComparer.Ordinal), static (json, pair) =>
        {
            json.WriteString("key", pair.Key);
            json.WriteString("value", pair.Value);
        });

    /// <summary>Writes a list of objects, or nothing when it is empty.</summary>
    public static void WriteObjects<T>(this Utf8JsonWriter json, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        bool any = false;
        foreach (T item in items)
        {
            if (!any)
            {
                json.WriteStartArray(name);
                any = true;
            }

            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        if (any)
        {
            json.WriteEndArray();
        }
    }

    /// <summary>Writes a list of strings, or nothing when it is empty.</summary>
    public static void WriteStrings(this Utf8JsonWriter json, string name, IReadOnlyCollection<string> items)
    {
        if (items.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (string item in items)
        {
            json.WriteStringValue(item);
        }

        json.WriteEndArray();
    }
}
