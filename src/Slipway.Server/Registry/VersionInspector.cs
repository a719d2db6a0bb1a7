using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.Core;
using Slipway.Formats;
using Slipway.Formats.Abstractions;

namespace Slipway.Server.Registry;

/// <summary>Finds out the format and signature of files that are to be published. Nothing is run.</summary>
/// <param name="preparer">Reads model files.</param>
internal sealed class VersionInspector(ModelPreparer preparer)
{
    /// <summary>Describes the files.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: they are of a known format, but damaged or hostile.</exception>
    public InspectedVersion Inspect(ModelArtifact artifact, CancellationToken cancellationToken)
    {
        if (preparer.Recognize(artifact) is not { } format)
        {
            if (artifact.Files.FirstOrDefault(static file => file.Name.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) && !file.Name.Contains('/', StringComparison.Ordinal)) is { Name: { } onnx })
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"'{onnx}' is no ONNX model: it is damaged, or something else under that name");
            }

            return new InspectedVersion(null, null, ["the files are of no model format that is known here: the version is kept, but can't be served"]);
        }

        if (format.Support.Serving == FormatServing.NotServed)
        {
            return new InspectedVersion(format.Name, null, [$"the version is kept, but can't be served: it is {format.Description}"]);
        }

        try
        {
            ModelInspection inspection = preparer.Inspect(artifact, cancellationToken);
            return new InspectedVersion(
                inspection.Format, SignatureOf(inspection), [.. inspection.Problems.Where(static problem => problem.IsError).Select(static problem => problem.Message)]);
        }
        catch (SlipwayException fault) when (fault.Code == ErrorCode.NotSupported)
        {
            return new InspectedVersion(format.Name, null, [$"the version is kept, but can't be served: {fault.Message}"]);
        }
    }

    private static string? SignatureOf(ModelInspection inspection)
    {
        if (inspection.Inputs.Count == 0 && inspection.Outputs.Count == 0)
        {
            return null;
        }

        using MemoryStream text = new();
        using (Utf8JsonWriter json = new(text))
        {
            json.WriteStartObject();
            Write(json, "inputs", inspection.Inputs);
            Write(json, "outputs", inspection.Outputs);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<InspectedTensor> tensors)
    {
        json.WriteStartArray(name);
        foreach (InspectedTensor tensor in tensors)
        {
            json.WriteStartObject();
            json.WriteString("name", tensor.Name);
            json.WriteString("datatype", tensor.Type);
            if (tensor.Shape is { } shape)
            {
                json.WriteStartArray("shape");
                foreach (string size in shape)
                {
                    json.WriteNumberValue(long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out long known) ? known : -1);
                }

                json.WriteEndArray();
            }

            if (tensor.IsOptional)
            {
                json.WriteBoolean("optional", true);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

/// <summary>What files are.</summary>
/// <param name="Format">Short name of the format; null when unknown.</param>
/// <param name="SignatureJson">Inputs and outputs in Open Inference's metadata form; null when unknown.</param>
/// <param name="Notices">Why it can't be served, where that is so.</param>
internal sealed record InspectedVersion(string? Format, string? SignatureJson, IReadOnlyList<string> Notices);
