using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.Formats.Onnx;
using Slipway.TensorFlow.Graphs;
using Slipway.TensorFlow.Operators;

namespace Slipway.TensorFlow;

/// <summary>A TensorFlow SavedModel: a folder with <c>saved_model.pb</c> and, beside it, <c>variables</c> and <c>assets</c>. Converted to ONNX.</summary>
public sealed class SavedModelFormat : IModelFormat
{
    /// <inheritdoc/>
    public string Name => "savedmodel";

    /// <inheritdoc/>
    public string Description => "a TensorFlow SavedModel";

    /// <inheritdoc/>
    public FormatSupport Support => new()
    {
        Serving = FormatServing.Converted,
        Tested = ["TensorFlow 1.0 to 2.11"],
        Groups = [new SupportGroup("operators", [.. KnownOperators.All.All.Select(static known => new SupportedItem(known.Name) { Limits = known.Limits })])],
        Limits =
        [
            "the graph with the tag serve is converted, by its signature serving_default or its only one",
            "variables are frozen to their values in the checkpoint; a signature that changes variables is refused",
            "sparse, ragged and composite inputs are refused; tf.Example is taken where its features are dense, which then are the inputs",
        ],
    };

    /// <inheritdoc/>
    public bool Recognizes(FormatSample sample) =>
        sample.FileName.EndsWith(SavedModel.TextExtension, StringComparison.Ordinal)
        || sample.FileName == SavedModel.FileName || sample.FileName.EndsWith('/' + SavedModel.FileName, StringComparison.Ordinal)
        || SavedModelSniffer.LooksLikeModel(sample.Head.Span, sample.Length);

    /// <inheritdoc/>
    public ModelInspection Inspect(VersionFiles files, CancellationToken cancellationToken) => SavedModelInspector.Describe(files, cancellationToken);

    /// <inheritdoc/>
    public PreparedModel Prepare(VersionFiles files, CancellationToken cancellationToken)
    {
        string digest = files.ComputeDigest(cancellationToken);
        return new PreparedModel
        {
            Runtime = OnnxFormat.Runtime,
            Model = new ModelContent(Convert(files, null, digest, cancellationToken)),
            Digest = digest,
            Platform = "tensorflow_savedmodel",
        };
    }

    /// <summary>The ONNX model file of a signature.</summary>
    /// <param name="signatureName">Which signature; null: <c>serving_default</c>, or the only one.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> or <see cref="ErrorCode.NotSupported"/>.</exception>
    internal static byte[] Convert(VersionFiles files, string? signatureName, string sourceDigest, CancellationToken cancellationToken)
    {
        SavedModel model = SavedModel.Open(files);
        SignatureDefinition signature = SignatureChoice.Choose(model.Graph, signatureName);
        return Translation.Of(model, signature, cancellationToken).ToOnnx(new Dictionary<string, string>
        {
            ["source"] = "tensorflow",
            ["source_version"] = model.Graph.TensorFlowVersion,
            ["source_digest"] = sourceDigest,
            ["signature"] = signature.Name,
            ["method"] = signature.Method,
        });
    }
}
