using Slipway.Core;

namespace Slipway.TensorFlow.Graphs;

/// <summary>
/// A frozen graph: a GraphDef alone, with constants in place of variables. It has no signature, so that one is made: its placeholders go in, and what nothing else uses comes out.
/// </summary>
internal static class FrozenGraph
{
    private const int MaxOutputs = 64;

    private static readonly string[] Variables = ["Variable", "VariableV2", "VarHandleOp"];

    /// <summary>The graph with the signature <c>serving_default</c>.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> or <see cref="ErrorCode.NotSupported"/>.</exception>
    public static MetaGraph Read(ReadOnlyMemory<byte> file)
    {
        MetaGraph graph = MetaGraphReader.ReadGraphDef(file);
        if (graph.Nodes.FirstOrDefault(static node => Variables.Contains(node.Operation)) is { } variable)
        {
            throw new SlipwayException(
                ErrorCode.NotSupported, $"the graph is not frozen: it has the variable '{variable.Name}', whose value is not in the file; freeze it, or save the model as a SavedModel");
        }

        GraphNode[] inputs = [.. graph.Nodes.Where(static node => node.Operation is "Placeholder" or "PlaceholderV2")];
        HashSet<string> used = [.. graph.Nodes.SelectMany(static node => node.DataInputs).Select(static input => input.Split(':')[0])];
        GraphNode[] outputs = [.. graph.Nodes.Where(node => !used.Contains(node.Name) && GivesSomething(node))];
        if (inputs.Length == 0 || outputs.Length is 0 or > MaxOutputs)
        {
            throw new SlipwayException(
                ErrorCode.NotSupported,
                $"the graph has {inputs.Length} placeholders and {outputs.Length} nodes that nothing uses, so that its inputs and outputs can't be told: save the model as a SavedModel, which names them");
        }

        SignatureDefinition signature = new(
            SignatureName,
            "tensorflow/serving/predict",
            inputs.ToDictionary(static node => node.Name, static node => new TensorInfo(node.Name + ":0", node.Attributes.GetValueOrDefault("dtype")?.Type ?? TensorFlowType.Invalid, node.Attributes.GetValueOrDefault("shape")?.Shape ?? PartialShape.Unknown)),
            outputs.ToDictionary(static node => node.Name, static node => new TensorInfo(node.Name + ":0", TensorFlowType.Invalid, PartialShape.Unknown)));
        return new MetaGraph
        {
            Tags = ["serve"],
            Nodes = graph.Nodes,
            Functions = graph.Functions,
            Signatures = new Dictionary<string, SignatureDefinition> { [SignatureName] = signature },
        };
    }

    private const string SignatureName = "serving_default";

    // Nodes that are there for what they do, or for nothing.
    private static bool GivesSomething(GraphNode node) =>
        node.DataInputs.Any() && node.Operation is not ("NoOp" or "Assert" or "Print" or "PrintV2" or "SaveV2" or "Save" or "WriteFile") && !node.Operation.EndsWith("Summary", StringComparison.Ordinal)
        && !node.Operation.StartsWith("Assign", StringComparison.Ordinal);
}
