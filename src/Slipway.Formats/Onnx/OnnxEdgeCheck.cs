namespace Slipway.Formats.Onnx;

/// <summary>What ONNX leaves open: whether every value of a graph and its subgraphs says its element type and rank. Graphs of TensorFlow have values whose rank nobody knows.</summary>
internal static class OnnxEdgeCheck
{
    /// <summary>What is wrong; empty when nothing is.</summary>
    public static IEnumerable<string> Untyped(OnnxModel model) => model.Graph is null ? ["there is no graph"] : Untyped(model.Graph);

    private static IEnumerable<string> Untyped(OnnxGraph graph)
    {
        Dictionary<string, OnnxType?> types = new(StringComparer.Ordinal);
        foreach (OnnxValueInfo value in graph.Inputs.Concat(graph.Outputs).Concat(graph.Values))
        {
            types[value.Name] = value.Type;
        }

        foreach (OnnxNode node in graph.Nodes)
        {
            foreach (string output in node.Outputs.Where(static name => name.Length > 0))
            {
                if (!types.TryGetValue(output, out OnnxType? type) || !IsKnown(type))
                {
                    yield return $"value '{output}' of a {node.Operator} node has no type and rank";
                }
            }

            foreach (string fault in node.Attributes.SelectMany(static attribute => attribute.Graphs).SelectMany(Untyped))
            {
                yield return fault;
            }
        }

        foreach (OnnxValueInfo value in graph.Inputs.Concat(graph.Outputs).Where(static value => !IsKnown(value.Type)))
        {
            yield return $"'{value.Name}' has no type and rank";
        }
    }

    private static bool IsKnown(OnnxType? type) => type switch
    {
        { Kind: OnnxTypeKind.Tensor } tensor => tensor.ElementType != OnnxDataType.Undefined && tensor.Shape is not null,
        { Kind: OnnxTypeKind.Sequence or OnnxTypeKind.Optional or OnnxTypeKind.Map } other => IsKnown(other.Inner),
        _ => false,
    };
}
