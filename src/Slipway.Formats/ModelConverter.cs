using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.Formats.Onnx;

namespace Slipway.Formats;

/// <summary>Writes models of every format that can become ONNX as one ONNX file, and checks what was written. Nothing is run. Thread-safe.</summary>
public sealed class ModelConverter(ModelFormats formats, IModelPreparer preparer)
{
    /// <summary>Converts a model. One that is ONNX already, with all its tensors in the file, comes back as it is.</summary>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.InvalidModel"/>: the model is damaged. <see cref="ErrorCode.NotSupported"/>: it, or a part of it, can't become ONNX.
    /// <see cref="ErrorCode.Internal"/>: what was written breaks ONNX's rules, which is a fault of the converter.
    /// </exception>
    public async Task<ConvertedModel> ConvertAsync(ModelArtifact artifact, CancellationToken cancellationToken)
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

        byte[] onnx = Read(prepared.Model);
        if (format.Support.Serving == FormatServing.Converted)
        {
            onnx = OnnxMetadata.Append(onnx, prepared.Metadata);
        }

        OnnxModel model = OnnxReader.Read(new MemoryStream(onnx, writable: false), onnx.Length);
        return new ConvertedModel(format.Name, prepared.Digest, onnx, Check(model, onnx, format), !OnnxEdgeCheck.Untyped(model).Any());
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
