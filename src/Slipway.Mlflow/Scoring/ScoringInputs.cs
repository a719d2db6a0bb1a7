using System.Buffers;
using System.Text.Json;
using Slipway.Core;
using Slipway.Mlflow.Wire;
using Slipway.Protocols.Frames;
using Slipway.Protocols.Json;

namespace Slipway.Mlflow.Scoring;

/// <summary>Holds what an invocation brings against the model's signature, as MLflow does, and makes the tensors of it.</summary>
/// <param name="signature">What <c>MLmodel</c> says.</param>
/// <param name="model">What the served model takes.</param>
internal sealed class ScoringInputs(ScoringSignature signature, ModelSignature model)
{
    /// <summary>Makes the tensors; the caller's.</summary>
    /// <exception cref="MlflowException">The data is not what the model takes.</exception>
    public List<Tensor> Build(ScoringRequest request)
    {
        try
        {
            return request.Form switch
            {
                ScoringForm.Frame => FromFrame(request.Frame!),
                ScoringForm.Array => FromArray(request.Value),
                _ => FromNamed(request),
            };
        }
        catch (SlipwayException refused) when (refused.Code is ErrorCode.InvalidRequest or ErrorCode.ShapeMismatch)
        {
            throw ScoringFailures.Bad($"Encountered an unexpected error while evaluating the model. Verify that the input is compatible with the model for inference: {refused.Message}");
        }
        catch (MalformedJsonException malformed)
        {
            throw ScoringFailures.Bad($"Invalid input. {malformed.Message}");
        }
    }

    private List<Tensor> FromFrame(ScoringFrame frame)
    {
        if (signature.HasColumns)
        {
            return FromRows(Enforce(frame));
        }

        if (signature.IsUnnamedTensor)
        {
            long[] expected = signature.Inputs[0].Shape!;
            if (frame.Rows.Count == 0)
            {
                throw frame.Columns.Count == 0 ? ScoringFailures.Schema("Input DataFrame is empty.") : ScoringFailures.Bad("Invalid input. There are no rows.");
            }

            // What is no number is told before the shape, as the reference does.
            Array.ForEach([.. frame.Rows], row => CheckNumbers(frame, row));
            if (!ScoringShape.Fits([frame.Rows.Count, frame.Columns.Count], expected))
            {
                throw ScoringFailures.Schema($"Shape of input ({frame.Rows.Count}, {frame.Columns.Count}) does not match expected shape ({string.Join(", ", expected)}).");
            }

            return FromRows(frame);
        }

        if (signature.HasNamedTensors)
        {
            string[] names = [.. signature.Inputs.Select(static field => field.Name!)];
            ScoringFrame chosen = frame.Select(names) ?? throw Missing(names, frame.Columns);
            return FromText(WriteColumns(chosen));
        }

        if (frame.Rows.Count == 0)
        {
            throw ScoringFailures.Bad("There are no rows.");
        }

        // Without a signature it is the model itself that knows its features, and it wants them in order.
        IReadOnlyList<string> features = ModelMetadata.FeatureNames(model.Metadata);
        return features.Count == 0 || features.SequenceEqual(frame.Columns) || model.Inputs.Count > 1
            ? FromRows(frame)
            : throw ScoringFailures.Bad("The feature names should match those that were passed during fit, in their order.");
    }

    private List<Tensor> FromArray(JsonElement value)
    {
        long[] shape = ScoringShape.Of(value);
        if (signature.HasColumns)
        {
            int width = signature.Inputs.Count;
            bool rows = shape.Length == 2 && shape[0] > 0 && shape[1] == width;
            return rows
                ? FromRows(Enforce(new ScoringFrame(ColumnNames(), [.. value.EnumerateArray().Select(static row => row.EnumerateArray().ToArray())])))
                : throw ScoringFailures.Schema($"rows of the {width} columns of the signature were expected.");
        }

        if (signature.Inputs.Count > 0)
        {
            long[] expected = signature.Inputs[0].Shape!;
            if (signature.Inputs.Count > 1 || !ScoringShape.Fits(shape, expected))
            {
                throw ScoringFailures.Schema($"Shape of input ({string.Join(", ", shape)}) does not match expected shape ({string.Join(", ", expected)}).");
            }
        }

        return model.Inputs is [var single] && ScoringMatrix.Fits(single) && shape.Length == 2
            ? FromRows(new ScoringFrame(
                [.. Enumerable.Range(0, (int)shape[1]).Select(static index => index.ToString(System.Globalization.CultureInfo.InvariantCulture))],
                [.. value.EnumerateArray().Select(static row => row.EnumerateArray().ToArray())]))
            : FromText(JsonSerializer.SerializeToUtf8Bytes(value, ScoringJson.Default.JsonElement));
    }

    private List<Tensor> FromNamed(ScoringRequest request)
    {
        if (signature.HasColumns)
        {
            return FromRows(Enforce(request.Frame ?? ScoringFrame.FromColumns(request.Value)));
        }

        if (signature.IsUnnamedTensor)
        {
            const string message = "This model contains an un-named model signature, which expects a single n-dimensional array as input, but arrays by name were found.";
            throw request.IsInstances ? ScoringFailures.Schema(message) : ScoringFailures.Bad("Invalid input. Failed to parse input data. " + message);
        }

        if (!signature.HasNamedTensors && model.Inputs is [var single] && ScoringMatrix.Fits(single) && signature.Flavor is not ("onnx" or "tensorflow" or "keras"))
        {
            throw ScoringFailures.Bad("Encountered an unexpected error while evaluating the model: it takes one matrix, and arrays by name were found.");
        }

        byte[] text = request.Frame is { } rows ? WriteColumns(rows) : JsonSerializer.SerializeToUtf8Bytes(request.Value, ScoringJson.Default.JsonElement);
        if (!signature.HasNamedTensors)
        {
            return FromText(text);
        }

        using JsonDocument document = JsonDocument.Parse(text);
        return FromText(WriteTensors(document.RootElement));
    }

    private ScoringFrame Enforce(ScoringFrame frame)
    {
        string[] names = ColumnNames();
        bool unnamed = signature.Inputs.All(static field => field.Name is null);
        ScoringFrame named = unnamed && frame.Columns.Count >= names.Length
            ? new ScoringFrame(names, [.. frame.Rows.Select(row => row[..names.Length])])
            : frame;
        string[] required = [.. signature.Inputs.Zip(names).Where(static pair => pair.First.IsRequired).Select(static pair => pair.Second)];
        string[] chosen = [.. names.Where(name => required.Contains(name) || named.Columns.Contains(name))];
        ScoringFrame enforced = named.Select(chosen) ?? throw Missing(required, named.Columns);
        if (enforced.Rows.Count == 0)
        {
            throw ScoringFailures.Bad("There are no rows.");
        }

        ScoringTypes.Check(enforced, signature, names);
        return enforced;
    }

    private string[] ColumnNames() =>
        [.. signature.Inputs.Select(static (field, index) => field.Name ?? index.ToString(System.Globalization.CultureInfo.InvariantCulture))];

    // A matrix is filled by position, or by the names that the model itself knows; several inputs by name.
    private List<Tensor> FromRows(ScoringFrame frame)
    {
        if (model.Inputs is not [var single] || !ScoringMatrix.Fits(single))
        {
            return FrameRows.Decode(WriteLines(frame), model);
        }

        if (single.Shape[1] is var width && width >= 0 && width != frame.Columns.Count)
        {
            throw ScoringFailures.Bad($"The model takes {width} features, the input has {frame.Columns.Count}.");
        }

        IReadOnlyList<string> features = ModelMetadata.FeatureNames(model.Metadata);
        ScoringFrame ordered = signature.HasColumns && features.Count == frame.Columns.Count ? frame.Select(features) ?? frame : frame;
        return [ScoringMatrix.Build(ordered, single, signature.TakesMissing)];
    }

    private List<Tensor> FromText(byte[] json)
    {
        JsonCursor cursor = new(json);
        return ColumnsReader.Read(ref cursor, model);
    }

    private byte[] WriteTensors(JsonElement value)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            foreach (ScoringField field in signature.Inputs)
            {
                if (!value.TryGetProperty(field.Name!, out JsonElement array))
                {
                    throw field.IsRequired ? Missing([field.Name!], []) : ScoringFailures.Schema($"input '{field.Name}' is not given");
                }

                long[] shape = ScoringShape.Of(array);
                if (!ScoringShape.Fits(shape, field.Shape!))
                {
                    throw ScoringFailures.Schema($"Shape of input ({string.Join(", ", shape)}) does not match expected shape ({string.Join(", ", field.Shape!)}).");
                }

                json.WritePropertyName(field.Name!);
                array.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] WriteColumns(ScoringFrame frame)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            for (int column = 0; column < frame.Columns.Count; column++)
            {
                json.WriteStartArray(frame.Columns[column]);
                foreach (JsonElement[] row in frame.Rows)
                {
                    ScoringTypes.Write(json, row[column]);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] WriteLines(ScoringFrame frame)
    {
        ArrayBufferWriter<byte> buffer = new();
        foreach (JsonElement[] row in frame.Rows)
        {
            using (Utf8JsonWriter json = new(buffer))
            {
                json.WriteStartObject();
                for (int column = 0; column < frame.Columns.Count; column++)
                {
                    json.WritePropertyName(frame.Columns[column]);
                    ScoringTypes.Write(json, row[column]);
                }

                json.WriteEndObject();
            }

            buffer.Write("\n"u8);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void CheckNumbers(ScoringFrame frame, JsonElement[] row)
    {
        for (int column = 0; column < row.Length; column++)
        {
            if (row[column].ValueKind is JsonValueKind.String)
            {
                ScoringMatrix.Number(row[column], frame.Columns[column]);
            }
        }
    }

    private static MlflowException Missing(IEnumerable<string> wanted, IReadOnlyList<string> given) =>
        ScoringFailures.Schema($"Model is missing inputs ['{string.Join("', '", wanted.Except(given))}'].");
}
