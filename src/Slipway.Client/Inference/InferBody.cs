using System.Globalization;
using System.Text.Json;

namespace Slipway.Client.Inference;

/// <summary>Bodies of Open Inference's REST protocol, with the binary tensor extension.</summary>
public static class InferBody
{
    /// <summary>Header that says how many bytes of a body are JSON; the rest is raw tensors.</summary>
    public const string HeaderLength = "Inference-Header-Content-Length";

    /// <summary>Writes the body of a request.</summary>
    /// <returns>The body, and how many bytes of it are JSON; null when all of it is.</returns>
    /// <exception cref="NotSupportedException">The call is not binary and an input has no JSON form.</exception>
    public static (byte[] Body, int? JsonLength) Write(InferCall call)
    {
        using MemoryStream body = new();
        using (Utf8JsonWriter writer = new(body))
        {
            WriteHead(writer, call);
        }

        if (!call.Binary)
        {
            return (body.ToArray(), null);
        }

        int json = checked((int)body.Length);
        foreach (ClientTensor input in call.Inputs)
        {
            body.Write(input.Data.Span);
        }

        return (body.ToArray(), json);
    }

    /// <summary>Reads the body of an answer.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="jsonLength">What <see cref="HeaderLength"/> says, or null.</param>
    /// <exception cref="JsonException">The body is not an inference answer.</exception>
    public static InferResult Read(ReadOnlyMemory<byte> body, int? jsonLength)
    {
        if (jsonLength is < 0 || jsonLength > body.Length)
        {
            throw new JsonException($"{HeaderLength} says {jsonLength}, the body has {body.Length} bytes");
        }

        using JsonDocument document = JsonDocument.Parse(jsonLength is { } length ? body[..length] : body);
        ReadOnlyMemory<byte> tail = jsonLength is { } end ? body[end..] : default;
        JsonElement root = document.RootElement;
        List<ClientTensor> outputs = [];
        foreach (JsonElement output in root.GetProperty("outputs").EnumerateArray())
        {
            outputs.Add(ReadOutput(output, ref tail));
        }

        string version = root.TryGetProperty("model_version", out JsonElement given) ? given.GetString() ?? "" : "";
        return new InferResult(root.GetProperty("model_name").GetString() ?? "", version, outputs);
    }

    private static void WriteHead(Utf8JsonWriter writer, InferCall call)
    {
        writer.WriteStartObject();
        if (call.Id is { } id)
        {
            writer.WriteString("id", id);
        }

        if (call.Binary)
        {
            writer.WriteStartObject("parameters");
            writer.WriteBoolean("binary_data_output", true);
            writer.WriteEndObject();
        }

        writer.WriteStartArray("inputs");
        foreach (ClientTensor input in call.Inputs)
        {
            WriteInput(writer, input, call.Binary);
        }

        writer.WriteEndArray();
        if (call.Outputs.Count > 0)
        {
            writer.WriteStartArray("outputs");
            foreach (string output in call.Outputs)
            {
                writer.WriteStartObject();
                writer.WriteString("name", output);
                writer.WriteStartObject("parameters");
                writer.WriteBoolean("binary_data", call.Binary);
                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteInput(Utf8JsonWriter writer, ClientTensor input, bool binary)
    {
        writer.WriteStartObject();
        writer.WriteString("name", input.Name);
        writer.WriteString("datatype", input.Datatype);
        writer.WriteStartArray("shape");
        foreach (long dimension in input.Shape)
        {
            writer.WriteNumberValue(dimension);
        }

        writer.WriteEndArray();
        if (binary)
        {
            writer.WriteStartObject("parameters");
            writer.WriteNumber("binary_data_size", input.Data.Length);
            writer.WriteEndObject();
        }
        else
        {
            writer.WritePropertyName("data");
            WireValues.WriteJson(writer, input);
        }

        writer.WriteEndObject();
    }

    private static ClientTensor ReadOutput(JsonElement output, ref ReadOnlyMemory<byte> tail)
    {
        string name = output.GetProperty("name").GetString() ?? "";
        string datatype = output.GetProperty("datatype").GetString() ?? "";
        long[] shape = [.. output.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64())];
        if (output.TryGetProperty("parameters", out JsonElement parameters) && parameters.TryGetProperty("binary_data_size", out JsonElement size))
        {
            int bytes = size.GetInt32();
            if (bytes < 0 || bytes > tail.Length)
            {
                throw new JsonException($"output '{name}' has {bytes.ToString(CultureInfo.InvariantCulture)} bytes, {tail.Length} are left in the body");
            }

            // The body's buffer belongs to the caller: what is handed out lives on.
            byte[] data = tail[..bytes].ToArray();
            tail = tail[bytes..];
            return new ClientTensor(name, datatype, shape, data);
        }

        long count = shape.Aggregate(1L, (product, dimension) => checked(product * dimension));
        return new ClientTensor(name, datatype, shape, WireValues.ReadJson(datatype, output.GetProperty("data"), count));
    }
}
