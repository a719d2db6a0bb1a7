using System.Collections.Frozen;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Evaluation;

/// <summary>Names of the outputs of operators that have more than one: functions refer to them by name. Others have one output, or one list of them.</summary>
internal static class OutputNames
{
    private static readonly FrozenDictionary<string, string[]> Known = new Dictionary<string, string[]>
    {
        ["FusedBatchNorm"] = ["y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2"],
        ["FusedBatchNormV2"] = ["y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2"],
        ["FusedBatchNormV3"] = ["y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2", "reserve_space_3"],
        ["TopK"] = ["values", "indices"],
        ["TopKV2"] = ["values", "indices"],
        ["Unique"] = ["y", "idx"],
        ["UniqueV2"] = ["y", "idx"],
        ["UniqueWithCounts"] = ["y", "idx", "count"],
        ["Switch"] = ["output_false", "output_true"],
        ["RefSwitch"] = ["output_false", "output_true"],
        ["Merge"] = ["output", "value_index"],
        ["RefMerge"] = ["output", "value_index"],
        ["LookupTableExportV2"] = ["keys", "values"],
        ["NonMaxSuppressionV4"] = ["selected_indices", "valid_outputs"],
        ["NonMaxSuppressionV5"] = ["selected_indices", "selected_scores", "valid_outputs"],
        ["TensorListPopBack"] = ["output_handle", "tensor"],
        ["StringSplit"] = ["indices", "values", "shape"],
        ["StringSplitV2"] = ["indices", "values", "shape"],
        ["SparseReshape"] = ["output_indices", "output_shape"],
        ["SparseFillEmptyRows"] = ["output_indices", "output_values", "empty_row_indicator", "reverse_index_map"],
        ["RaggedTensorToSparse"] = ["sparse_indices", "sparse_values", "sparse_dense_shape"],
        ["SparseReorder"] = ["output_indices", "output_values"],
        ["SparseConcat"] = ["output_indices", "output_values", "output_shape"],
        ["SparseCross"] = ["output_indices", "output_values", "output_shape"],
        ["SparseCrossHashed"] = ["output_indices", "output_values", "output_shape"],
        ["DenseCountSparseOutput"] = ["output_indices", "output_values", "output_dense_shape"],
        ["StringNGrams"] = ["ngrams", "ngrams_splits"],
        ["RaggedRange"] = ["rt_nested_splits", "rt_dense_values"],
        ["CombinedNonMaxSuppression"] = ["nmsed_boxes", "nmsed_scores", "nmsed_classes", "valid_detections"],
        ["SoftmaxCrossEntropyWithLogits"] = ["loss", "backprop"],
        ["SparseSoftmaxCrossEntropyWithLogits"] = ["loss", "backprop"],
        ["TensorListConcatV2"] = ["tensor", "lengths"],
        ["TensorArrayConcatV3"] = ["value", "lengths"],
        ["MaxPoolWithArgmax"] = ["output", "argmax"],
        ["SplitDedupData"] = ["integer_tensor", "float_tensor"],
        ["ListDiff"] = ["out", "idx"],
        ["BroadcastGradientArgs"] = ["r0", "r1"],
        ["LSTMBlockCell"] = ["i", "cs", "f", "o", "ci", "co", "h"],
        ["BlockLSTM"] = ["i", "cs", "f", "o", "ci", "co", "h"],
        ["BlockLSTMV2"] = ["i", "cs", "f", "o", "ci", "co", "h"],
        ["GRUBlockCell"] = ["r", "u", "c", "h"],
        ["TensorArrayV3"] = ["handle", "flow"],
        ["Svd"] = ["s", "u", "v"],
        ["Qr"] = ["q", "r"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Position among all outputs of the node.</summary>
    public static int Position(GraphNode node, TensorReference reference)
    {
        if (node.Operation is "ParseExampleV2" or "ParseExample" or "ParseSingleExample")
        {
            return ParsedFeatures.Position(node, reference);
        }

        int position = Known.TryGetValue(node.Operation, out string[]? names) ? Array.IndexOf(names, reference.Output) : -1;
        return Math.Max(0, position) + reference.Index;
    }
}
