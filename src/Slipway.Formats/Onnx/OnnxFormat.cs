using Slipway.Core;
using Slipway.Formats.Abstractions;

namespace Slipway.Formats.Onnx;

/// <summary>ONNX: read, checked, and handed to the engine as it is.</summary>
public sealed class OnnxFormat : IModelFormat
{
    /// <summary>Name of the runtime that runs it.</summary>
    public const string Runtime = "onnx";

    /// <inheritdoc/>
    public string Name => "onnx";

    /// <inheritdoc/>
    public string Description => "an ONNX model";

    /// <inheritdoc/>
    public bool Recognizes(FormatSample sample) => OnnxSniffer.LooksLikeModel(sample.Head.Span, sample.Length);

    /// <inheritdoc/>
    public PreparedModel Prepare(VersionFiles files, CancellationToken cancellationToken)
    {
        VersionFile main = files.Open(files.MainFile);
        OnnxModel model = Read(main);
        if (model.Graph is null)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"'{main.Name}' has no graph: not an ONNX model");
        }

        IReadOnlyList<string> locations = ExternalDataCheck.Check(model, files);
        string digest = files.ComputeDigest(cancellationToken);
        Dictionary<string, ModelContent> external = new(StringComparer.Ordinal);
        ModelContent? content = null;
        try
        {
            foreach (string location in locations)
            {
                external.Add(location, files.Take(ExternalDataCheck.FileOf(location, files.MainFile)));
            }

            content = files.Take(main.Name);
            return new PreparedModel
            {
                Runtime = Runtime,
                Model = content,
                ExternalData = external,
                Digest = digest,
                Platform = "onnxruntime_onnx",
            };
        }
        catch
        {
            content?.Dispose();
            foreach (ModelContent part in external.Values)
            {
                part.Dispose();
            }

            throw;
        }
    }

    private static OnnxModel Read(VersionFile main)
    {
        using Stream stream = main.OpenRead();
        return OnnxReader.Read(stream, main.Length);
    }
}
