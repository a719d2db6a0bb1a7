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
    public FormatSupport Support => new()
    {
        Serving = FormatServing.AsIs,
        Limits = ["operators and operator sets are those of the engine", "tensors in other files must lie in the version's own folder"],
    };

    /// <inheritdoc/>
    public bool Recognizes(FormatSample sample) => OnnxSniffer.LooksLikeModel(sample.Head.Span, sample.Length);

    /// <inheritdoc/>
    public ModelInspection Inspect(VersionFiles files, CancellationToken cancellationToken)
    {
        VersionFile main = files.Open(files.MainFile);
        OnnxModel model = Read(main);
        ModelInspection inspection = OnnxInspector.Describe(model, main.Length);
        try
        {
            IReadOnlyList<string> locations = ExternalDataCheck.Check(model, files);
            return inspection with { ExternalFiles = [.. locations.Select(location => new ModelFile(location, LengthOf(files, location)))] };
        }
        catch (SlipwayException refused)
        {
            return inspection with { Problems = [new ModelProblem(true, refused.Message), .. inspection.Problems] };
        }
    }

    /// <inheritdoc/>
    public PreparedModel Prepare(VersionFiles files, CancellationToken cancellationToken)
    {
        VersionFile main = files.Open(files.MainFile);
        OnnxModel model = Read(main);
        RefuseUnreadable(model, main.Name);
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

    // What no engine can run is said here, in words; the rest is the engine's to judge, which may know more operators than this does.
    private static void RefuseUnreadable(OnnxModel model, string name)
    {
        if (model.Graph is null)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"'{name}' has no graph: not an ONNX model");
        }

        if (OnnxValidator.CheckVersions(model).FirstOrDefault(static problem => problem.IsError) is { } problem)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"'{name}': {problem.Message}");
        }
    }

    private static long LengthOf(VersionFiles files, string location) => files.Open(ExternalDataCheck.FileOf(location, files.MainFile)).Length;

    private static OnnxModel Read(VersionFile main)
    {
        using Stream stream = main.OpenRead();
        return OnnxReader.Read(stream, main.Length);
    }
}
