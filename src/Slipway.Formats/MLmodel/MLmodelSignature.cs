using System.Text;
using System.Text.Json;

namespace Slipway.Formats.MLmodel;

/// <summary>Writes a signature of MLflow's in the form of Open Inference's metadata.</summary>
internal static class MLmodelSignature
{
    /// <summary>Inputs and outputs; null when there are none, or they can't be read.</summary>
    public static string? ToOpenInference(MLmodelFile model)
    {
        if (model.InputsJson is null && model.OutputsJson is null)
        {
            return null;
        }

        try
        {
            using MemoryStream stream = new();
            using (Utf8JsonWriter json = new(stream))
            {
                json.WriteStartObject();
                Write(json, "inputs", model.InputsJson);
                Write(json, "outputs", model.OutputsJson);
                json.WriteEndObject();
            }

            return Encoding.UTF8.GetString(stream.ToArray());
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Write(Utf8JsonWriter json, string name, string? fields)
    {
        using JsonDocument document = JsonDocument.Parse(fields ?? "[]");
        json.WriteStartArray(name);
        int position = 0;
        foreach (JsonElement field in Items(document.RootElement))
        {
            json.WriteStartObject();
            json.WriteString("name", Text(field, "name") ?? $"{name[..^1]}-{position}");
            bool isTensor = field.TryGetProperty("tensor-spec", out JsonElement spec) && spec.ValueKind == JsonValueKind.Object;
            json.WriteString("datatype", DataType(isTensor ? Text(spec, "dtype") : Text(field, "type")));
            json.WriteStartArray("shape");
            foreach (long size in isTensor ? Sizes(spec) : [-1])
            {
                json.WriteNumberValue(size);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            position++;
        }

        json.WriteEndArray();
    }

    private static IEnumerable<JsonElement> Items(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Where(static item => item.ValueKind == JsonValueKind.Object) : [];

    private static IEnumerable<long> Sizes(JsonElement spec) => spec.TryGetProperty("shape", out JsonElement shape) && shape.ValueKind == JsonValueKind.Array
        ? shape.EnumerateArray().Select(static size => size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out long value) ? value : -1)
        : [-1];

    private static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string DataType(string? name) => name switch
    {
        "double" or "float64" => "FP64",
        "float" or "float32" => "FP32",
        "float16" => "FP16",
        "long" or "int64" or "datetime" => "INT64",
        "integer" or "int32" => "INT32",
        "int16" => "INT16",
        "int8" => "INT8",
        "uint64" => "UINT64",
        "uint32" => "UINT32",
        "uint16" => "UINT16",
        "uint8" => "UINT8",
        "boolean" or "bool" => "BOOL",
        _ => "BYTES",
    };
}
