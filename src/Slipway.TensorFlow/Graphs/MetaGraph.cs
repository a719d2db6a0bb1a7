using Slipway.Core;

namespace Slipway.TensorFlow.Graphs;

/// <summary>What a signature says of a tensor.</summary>
/// <param name="Name">Reference to the node's output; empty for a sparse or composite tensor.</param>
internal sealed record TensorInfo(string Name, TensorFlowType Type, PartialShape Shape);

/// <summary>A signature: inputs and outputs under the names that callers use.</summary>
/// <param name="Method">What it is for, e.g. <c>tensorflow/serving/predict</c>.</param>
internal sealed record SignatureDefinition(string Name, string Method, IReadOnlyDictionary<string, TensorInfo> Inputs, IReadOnlyDictionary<string, TensorInfo> Outputs)
{
    /// <summary>The entry of the file's map that it was read from: its name (1) and its SignatureDef (2).</summary>
    public ReadOnlyMemory<byte> Entry { get; init; }
}

/// <summary>A file of the model's <c>assets</c> folder and the tensor that holds its name.</summary>
internal sealed record AssetFile(string TensorName, string FileName);

/// <summary>One graph of a SavedModel with all that belongs to it.</summary>
internal sealed class MetaGraph
{
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>Version of TensorFlow that wrote it; may be empty.</summary>
    public string TensorFlowVersion { get; init; } = "";

    public required IReadOnlyList<GraphNode> Nodes { get; init; }

    public required FunctionLibrary Functions { get; init; }

    public required IReadOnlyDictionary<string, SignatureDefinition> Signatures { get; init; }

    public IReadOnlyList<AssetFile> Assets { get; init; } = [];

    /// <summary>Node whose running restores the variables; empty when there are none.</summary>
    public string RestoreOperation { get; init; } = "";

    /// <summary>Nodes named in collections that initialise tables and local variables.</summary>
    public IReadOnlyList<string> InitOperations { get; init; } = [];

    /// <summary>Chooses the graph for serving.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> names the tags when there is none.</exception>
    public static MetaGraph Choose(IReadOnlyList<MetaGraph> graphs)
    {
        const string Serve = "serve";
        MetaGraph[] tagged = [.. graphs.Where(static graph => graph.Tags.Contains(Serve))];
        return graphs.FirstOrDefault(static graph => graph.Tags is [Serve])
            ?? (tagged.Length == 1 ? tagged[0] : null)
            ?? throw new SlipwayException(
                ErrorCode.NotSupported,
                $"the SavedModel has no graph with the tag set {{serve}}, only {string.Join(", ", graphs.Select(static graph => $"{{{string.Join(',', graph.Tags)}}}"))}: save it for serving");
    }
}
