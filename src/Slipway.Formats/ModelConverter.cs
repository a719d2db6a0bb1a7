using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.Formats.Onnx;

namespace Slipway.Formats;

/// <summary>Writes models of every format that can become ONNX as one ONNX file, and checks what was written. Nothing is run. Thread-safe.</summary>
public sealed class ModelConverter(ModelFormats formats, IModelPreparer preparer)
{
    /// <summary>Converts a model. One that is ONNX already, with all its tensors in the file, comes back as it is.</summary>
    /// <param name="artifact">The model.</param>
    /// <param name="signature">Which of its signatures; null: the one that is meant when none is named.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.InvalidModel"/>: the model is damaged. <see cref="ErrorCode.NotSupported"/>: it, or a part of it, can't become ONNX.
    /// <see cref="ErrorCode.Internal"/>: what was written breaks ONNX's rules, which is a fault of the converter.
    /// </exception>
    public async Task<ConvertedModel> ConvertAsync(ModelArtifact artifact, string? signature, CancellationToken cancellationToken)
    {
        IModelFormat format = Find(artifact);
        string what = $"'{artifact.MainFile ?? MainFile.Find(artifact.Files)}' is {format.Description}";
        if (format.Support.Serving == FormatServing.Native)
        {
            throw new SlipwayException(
                ErrorCode.NotSupported, $"{what}, which is evaluated natively and can't be converted to ONNX without changing its answers: serve or score the file itself");
        }

        using PreparedModel prepared = await preparer.PrepareAsync(artifact, cancellationToken);
        if (prepared.Runtime != OnnxFormat.Runtime)
        {
            throw new SlipwayException(ErrorCode.NotSupported, $"{what} for the runtime '{prepared.Runtime}', which can't be converted to ONNX");
        }

        if (prepared.ExternalData.Count > 0)
        {
            throw new SlipwayException(ErrorCode.NotSupported, $"{what} already, with tensors in other files: serve or score it as it is");
        }

        PreparedModel chosen = signature is null ? prepared : Signature(prepared, signature);
        byte[] onnx = Read(chosen.Model);
        if (format.Support.Serving == FormatServing.Converted)
        {
            // The file has one signature: what others there were is not for it to say.
            onnx = OnnxMetadata.Append(onnx, chosen.Metadata.Where(static pair => pair.Key != ModelMetadataKeys.TensorFlowSignatures).ToDictionary());
        }

        OnnxModel model = OnnxReader.Read(new MemoryStream(onnx, writable: false), onnx.Length);
        return new ConvertedModel(format.Name, prepared.Digest, onnx, Check(model, onnx, format), !OnnxEdgeCheck.Untyped(model).Any());
    }

    /// <summary>A prepared model by the signature named.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> names those that there are.</exception>
    public static PreparedModel Signature(PreparedModel prepared, string name)
    {
        if (name == prepared.SignatureName)
        {
            return prepared;
        }

        string[] names = [.. prepared.Signatures.Keys.Append(prepared.SignatureName).Where(static known => known.Length > 0).Order(StringComparer.Ordinal)];
        return prepared.Signatures.GetValueOrDefault(name) ?? throw new SlipwayException(ErrorCode.InvalidRequest, names.Length == 0
            ? $"the model has no signature '{name}': models of its format have one, which has no name"
            : $"the model has no signature '{name}' that can be called; it has {string.Join(", ", names.Select(static known => $"'{known}'"))}");
    }

    private static ModelInspection Check(OnnxModel model, byte[] onnx, IModelFormat format)
    {
        ModelInspection inspection = OnnxInspector.Describe(model, onnx.Length);
        bool isOurs = format.Support.Serving == FormatServing.Converted;
        IEnumerable<string> faults = inspection.Problems.Where(static problem => problem.IsError).Select(static problem => problem.Message);
        return faults.FirstOrDefault() is { } fault
            ? throw new SlipwayException(isOurs ? ErrorCode.Internal : ErrorCode.InvalidModel, isOurs ? $"the converter wrote a faulty model: {fault}" : fault)
            : inspection;
    }

    private IModelFormat Find(ModelArtifact artifact)
    {
        string main = artifact.MainFile ?? MainFile.Find(artifact.Files);
        using VersionFiles files = new(artifact, main);
        return ModelPreparer.Recognize(formats, files);
    }

    private static byte[] Read(ModelContent content)
    {
        if (content.File is not { } file)
        {
            return content.Bytes.ToArray();
        }

        byte[] bytes = new byte[content.Length];
        using Stream stream = new HandleStream(file, content.Length);
        stream.ReadExactly(bytes);
        return bytes;
    }
}
