using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.Formats.Onnx;
using Slipway.TensorFlow.Graphs;
using Slipway.TensorFlow.Operators;

namespace Slipway.TensorFlow;

/// <summary>A TensorFlow SavedModel: a folder with <c>saved_model.pb</c> and, beside it, <c>variables</c> and <c>assets</c>. Converted to ONNX.</summary>
internal sealed class SavedModelFormat : IModelFormat
{
    // What signatures beside the first one may take, all together: each is a model of its own in memory.
    private const long MaxOtherBytes = 512L << 20;

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
            "a frozen graph (a GraphDef without variables) is served as well: its placeholders go in, and what no other node uses comes out",
            "the graph with the tag serve is converted, by each of its signatures; serving_default, or else the first by name, is meant when none is named",
            "variables are frozen to their values in the checkpoint; a signature that changes variables is refused",
            "features of tf.Example are the inputs, those with rows of varying length filled up to a rectangle; other sparse, ragged and composite inputs are refused",
        ],
    };

    /// <inheritdoc/>
    public bool Recognizes(FormatSample sample) =>
        sample.FileName.EndsWith(SavedModel.TextExtension, StringComparison.Ordinal)
        || sample.FileName == SavedModel.FileName || sample.FileName.EndsWith('/' + SavedModel.FileName, StringComparison.Ordinal)
        || SavedModelSniffer.LooksLikeModel(sample.Head.Span, sample.Length) || SavedModelSniffer.LooksLikeGraph(sample.Head.Span);

    /// <inheritdoc/>
    public ModelInspection Inspect(VersionFiles files, CancellationToken cancellationToken) => SavedModelInspector.Describe(files, cancellationToken);

    /// <inheritdoc/>
    public PreparedModel Prepare(VersionFiles files, CancellationToken cancellationToken)
    {
        string digest = files.ComputeDigest(cancellationToken);
        SavedModel model = SavedModel.Open(files);
        SignatureDefinition main = SignatureChoice.Choose(model.Graph, null);
        byte[] onnx = Convert(model, main, digest, cancellationToken);
        Dictionary<string, PreparedModel> others = new(StringComparer.Ordinal);
        long room = MaxOtherBytes;
        foreach (SignatureDefinition other in SignatureChoice.Callable(model.Graph).Where(signature => signature != main))
        {
            if (TryConvert(model, other, digest, cancellationToken) is { } converted && converted.Length <= room)
            {
                room -= converted.Length;
                others.Add(other.Name, Prepared(converted, other, digest, []));
            }
        }

        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        if (SignatureMap.Encode(model.Graph) is { } declared)
        {
            metadata.Add(ModelMetadataKeys.TensorFlowSignatures, declared);
        }

        return Prepared(onnx, main, digest, metadata, others);
    }

    /// <summary>The ONNX model file of a signature.</summary>
    /// <param name="signatureName">Which signature; null: <c>serving_default</c>, or the first by name.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> or <see cref="ErrorCode.NotSupported"/>.</exception>
    internal static byte[] Convert(VersionFiles files, string? signatureName, string sourceDigest, CancellationToken cancellationToken)
    {
        SavedModel model = SavedModel.Open(files);
        return Convert(model, SignatureChoice.Choose(model.Graph, signatureName), sourceDigest, cancellationToken);
    }

    private static byte[] Convert(SavedModel model, SignatureDefinition signature, string sourceDigest, CancellationToken cancellationToken)
    {
        Translation translation = Translation.Of(model, signature, cancellationToken);
        Dictionary<string, string> metadata = new(StringComparer.Ordinal)
        {
            ["source"] = "tensorflow",
            ["source_version"] = model.Graph.TensorFlowVersion,
            ["source_digest"] = sourceDigest,
            ["signature"] = signature.Name,
            ["method"] = signature.Method,
        };
        if (translation.Examples is { } examples)
        {
            metadata.Add(ModelMetadataKeys.Examples, examples);
        }

        return translation.ToOnnx(metadata);
    }

    // A signature that can't be converted takes none of the others with it; inspecting the model names it.
    private static byte[]? TryConvert(SavedModel model, SignatureDefinition signature, string sourceDigest, CancellationToken cancellationToken)
    {
        try
        {
            return Convert(model, signature, sourceDigest, cancellationToken);
        }
        catch (SlipwayException refusal) when (refusal.Code is ErrorCode.NotSupported)
        {
            return null;
        }
    }

    private static PreparedModel Prepared(
        byte[] onnx, SignatureDefinition signature, string digest, Dictionary<string, string> metadata, Dictionary<string, PreparedModel>? others = null) => new()
        {
            Runtime = OnnxFormat.Runtime,
            Model = new ModelContent(onnx),
            Digest = digest,
            Platform = "tensorflow_savedmodel",
            SignatureName = signature.Name,
            Metadata = metadata,
            Signatures = others ?? [],
        };
}
