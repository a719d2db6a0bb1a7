using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Evaluation;

/// <summary>How the outputs of the operators that parse tf.Example are laid out: indices, values and shapes of the sparse features, then the dense ones, then ragged ones.</summary>
internal static class ParsedFeatures
{
    /// <summary>Number of sparse features of a node.</summary>
    public static int SparseCount(GraphNode node) => (int)(Integer(node, "Nsparse") ?? Integer(node, "num_sparse") ?? node.Attributes.GetValueOrDefault("sparse_types")?.List?.Count ?? 0);

    /// <summary>Number of dense features of a node.</summary>
    public static int DenseCount(GraphNode node) => node.Attributes.GetValueOrDefault("Tdense")?.List?.Count ?? 0;

    /// <summary>Position of a named output among all.</summary>
    public static int Position(GraphNode node, TensorReference reference)
    {
        int sparse = SparseCount(node);
        int dense = DenseCount(node);
        int begin = reference.Output switch
        {
            "sparse_values" => sparse,
            "sparse_shapes" => 2 * sparse,
            "dense_values" => 3 * sparse,
            "ragged_values" => (3 * sparse) + dense,
            "ragged_row_splits" => (3 * sparse) + dense + (node.Attributes.GetValueOrDefault("ragged_value_types")?.List?.Count ?? 0),
            _ => 0,
        };
        return begin + reference.Index;
    }

    private static long? Integer(GraphNode node, string name) => node.Attributes.GetValueOrDefault(name)?.Integer;
}
