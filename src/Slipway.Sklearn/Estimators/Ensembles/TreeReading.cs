using Slipway.Core;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators.Ensembles;

/// <summary>
/// scikit-learn's <c>sklearn.tree._tree.Tree</c>: nodes as a structured array, values as <c>[nodes, outputs, classes]</c>. A row goes left when its feature, rounded to binary32,
/// is at most the (binary64) threshold; NaN goes left where the node says so (versions 1.3 and later).
/// </summary>
internal sealed class TreeReading
{
    private readonly long[] _left;
    private readonly long[] _right;
    private readonly long[] _feature;
    private readonly double[] _threshold;
    private readonly long[]? _missingLeft;
    private readonly double[] _values;
    private readonly NumpyArray _nodes;
    private readonly int _featureCount;

    private TreeReading(Estimator owner, NumpyArray nodes, NumpyArray values)
    {
        _nodes = nodes;
        _featureCount = owner.FeatureCount ?? 0;
        _left = nodes.FieldInt64s("left_child");
        _right = nodes.FieldInt64s("right_child");
        _feature = nodes.FieldInt64s("feature");
        _threshold = nodes.FieldDoubles("threshold");
        _missingLeft = nodes.HasField("missing_go_to_left") ? nodes.FieldInt64s("missing_go_to_left") : null;
        SampleCounts = nodes.FieldInt64s("n_node_samples");
        _values = values.ToDoubles();
        ValuesPerNode = _left.Length == 0 ? 0 : _values.Length / _left.Length;
        Outputs = values.Shape.Length == 3 ? (int)values.Shape[1] : 1;
        if (_left.Length == 0 || _values.Length != (long)ValuesPerNode * _left.Length)
        {
            throw owner.Missing("tree_", "a fitted tree");
        }
    }

    /// <summary>Training rows in each node.</summary>
    public long[] SampleCounts { get; }

    /// <summary>Numbers kept for each node: outputs times classes.</summary>
    public int ValuesPerNode { get; }

    /// <summary>Outputs of the tree.</summary>
    public int Outputs { get; }

    /// <summary>Reads the <c>tree_</c> of a decision tree.</summary>
    public static TreeReading Of(Estimator owner) => owner.Raw("tree_") is PickleObject { Type.Name: "Tree" } tree && tree["nodes"] is NumpyArray nodes && tree["values"] is NumpyArray values
        ? new TreeReading(owner, nodes, values)
        : throw owner.Missing("tree_", "a fitted tree");

    /// <summary>The numbers of a node.</summary>
    public ReadOnlySpan<double> Values(int node) => _values.AsSpan(node * ValuesPerNode, ValuesPerNode);

    /// <summary>How much each feature lowers the impurity, weighted by the rows that it splits, as a share of all rows.</summary>
    /// <param name="normalized">Whether the shares are made to sum to one.</param>
    public double[] Importances(bool normalized)
    {
        double[] impurities = _nodes.FieldDoubles("impurity");
        double[] weights = _nodes.FieldDoubles("weighted_n_node_samples");
        double[] importances = new double[_featureCount];
        for (int node = 0; node < _left.Length; node++)
        {
            if (_left[node] >= 0 && _feature[node] >= 0 && _feature[node] < importances.Length)
            {
                (long left, long right) = (_left[node], _right[node]);
                importances[_feature[node]] += ((weights[node] * impurities[node]) - (weights[left] * impurities[left]) - (weights[right] * impurities[right])) / weights[0];
            }
        }

        double sum = importances.Sum();
        return normalized && sum > 0 ? [.. importances.Select(value => value / sum)] : importances;
    }

    /// <summary>Adds the tree to an ensemble.</summary>
    /// <param name="ensemble">Takes the tree as its next.</param>
    /// <param name="columns">Feature of the tree → column of the input; null: the same.</param>
    /// <param name="leaf">Adds the leaf for a node at a depth and returns its number.</param>
    public void AppendTo(TreeEnsemble ensemble, IReadOnlyList<long>? columns, Func<int, int, int> leaf) =>
        ensemble.AddTree(_left.Length, node => NodeAt(node, columns), leaf);

    private TreeNode NodeAt(int node, IReadOnlyList<long>? columns)
    {
        if (_left[node] < 0)
        {
            return TreeNode.Leaf;
        }

        long feature = _feature[node];
        if (feature < 0 || (columns is not null && feature >= columns.Count))
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"a tree of the model refers to feature {feature}");
        }

        int column = (int)(columns is null ? feature : columns[(int)feature]);
        bool missingLeft = _missingLeft is not null && _missingLeft[node] != 0;
        return TreeNode.Branch(column, TreeBranchMode.LessOrEqual, _threshold[node], missingLeft, Child(_left[node]), Child(_right[node]));
    }

    // What is no 32-bit number is no node either: the walk says so.
    private static int Child(long node) => node is >= 0 and <= int.MaxValue ? (int)node : -1;
}
