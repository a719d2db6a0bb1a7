using Slipway.Core;

namespace Slipway.Formats.Onnx.Building;

/// <summary>How a branch compares its feature with its value; true goes to the first child.</summary>
internal enum TreeBranchMode
{
    /// <summary>x ≤ value.</summary>
    LessOrEqual,

    /// <summary>x &lt; value.</summary>
    Less,

    /// <summary>x ≥ value.</summary>
    GreaterOrEqual,

    /// <summary>x &gt; value.</summary>
    Greater,

    /// <summary>x = value.</summary>
    Equal,

    /// <summary>x ≠ value.</summary>
    NotEqual,
}

/// <summary>
/// Collects decision trees and emits them as one TreeEnsembleRegressor (ai.onnx.ml 3) whose targets are sums of leaf weights. Thresholds and weights are binary64 and so is
/// the sum; only the result is rounded to binary32. What the operator's classifier does on top of the sums (labels, links) is left to the caller, because it treats
/// two classes differently depending on the signs of the weights.
/// </summary>
internal sealed class TreeEnsemble(int targets)
{
    private static readonly byte[][] ModeNames =
        ["BRANCH_LEQ"u8.ToArray(), "BRANCH_LT"u8.ToArray(), "BRANCH_GTE"u8.ToArray(), "BRANCH_GT"u8.ToArray(), "BRANCH_EQ"u8.ToArray(), "BRANCH_NEQ"u8.ToArray()];

    // What never changes again is kept as it will be written; children are known late.
    private readonly IntegerList _treeIds = new();
    private readonly IntegerList _nodeIds = new();
    private readonly IntegerList _features = new();
    private readonly TextList _modes = new();
    private readonly List<double> _values = [];
    private readonly List<int> _trueChildren = [];
    private readonly List<int> _falseChildren = [];
    private readonly IntegerList _missingTracksTrue = new();
    private readonly IntegerList _targetTrees = new();
    private readonly IntegerList _targetNodes = new();
    private readonly IntegerList _targetIds = new();
    private readonly List<double> _targetWeights = [];
    private int _lowestFeature;
    private int _highestFeature;
    private int _treeStart;
    private bool _open;

    /// <summary>Number of targets.</summary>
    public int Targets { get; } = targets;

    /// <summary>Number of trees.</summary>
    public int TreeCount { get; private set; }

    /// <summary>Number of nodes of all trees, leaves included.</summary>
    public int NodeCount => _values.Count;

    /// <summary>Starts the next tree; its first node is its root.</summary>
    public void BeginTree()
    {
        _treeStart = _values.Count;
        _open = true;
        TreeCount++;
    }

    /// <summary>Adds a branch to the tree that was begun last; its children are set later.</summary>
    /// <param name="missingTracksTrue">Whether NaN goes to the true child.</param>
    /// <returns>The node's number within the tree.</returns>
    public int AddBranch(TreeBranchMode mode, int feature, double value, bool missingTracksTrue) =>
        AddNode(ModeNames[(int)mode], feature, value, missingTracksTrue);

    /// <summary>Says where a branch leads for rows that pass it, or that don't.</summary>
    public void SetChild(int branch, bool whenTrue, int child) => (whenTrue ? _trueChildren : _falseChildren)[_treeStart + branch] = child;

    /// <summary>Adds a leaf with a weight for one target.</summary>
    public int AddLeaf(int target, double weight)
    {
        int leaf = AddNode("LEAF"u8, 0, 0, false);
        AddWeight(leaf, target, weight);
        return leaf;
    }

    /// <summary>Adds a leaf with a weight for every target.</summary>
    public int AddLeaf(ReadOnlySpan<double> weights)
    {
        int leaf = AddNode("LEAF"u8, 0, 0, false);
        bool any = false;
        for (int target = 0; target < weights.Length; target++)
        {
            if (weights[target] != 0 || (!any && target == weights.Length - 1))
            {
                AddWeight(leaf, target, weights[target]);
                any = true;
            }
        }

        return leaf;
    }

    /// <summary>Emits the ensemble over <paramref name="x"/> (<c>[N, F]</c>, binary64, F known); gives <c>[N, targets]</c>, binary32.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: a branch looks at a column that the input does not have.</exception>
    public Edge Emit(GraphBuilder graph, Edge x)
    {
        // The engine reads whatever column a branch names, without looking whether there is one.
        if (_lowestFeature < 0 || _highestFeature >= Math.Max(x.Width, 1))
        {
            throw new SlipwayException(
                ErrorCode.InvalidModel, $"a tree splits on feature {(_lowestFeature < 0 ? _lowestFeature : _highestFeature)} of {x.Width}");
        }

        if (!_open)
        {
            return graph.Mul(graph.Cast(graph.Columns(x, [0]), OnnxDataType.Float), graph.Constant(new float[Targets], 1, Targets));
        }

        return graph.MlNode(
            "TreeEnsembleRegressor",
            [x],
            OnnxDataType.Float,
            new TensorShape(x.Shape[0], Targets),
            NodeAttribute.Of("n_targets", Targets),
            NodeAttribute.Of("aggregate_function", "SUM"),
            NodeAttribute.Of("post_transform", "NONE"),
            NodeAttribute.Of("nodes_treeids", _treeIds),
            NodeAttribute.Of("nodes_nodeids", _nodeIds),
            NodeAttribute.Of("nodes_featureids", _features),
            NodeAttribute.Of("nodes_modes", _modes),
            NodeAttribute.Tensor("nodes_values_as_tensor", _values.ToArray()),
            NodeAttribute.Of("nodes_truenodeids", Encode(_trueChildren)),
            NodeAttribute.Of("nodes_falsenodeids", Encode(_falseChildren)),
            NodeAttribute.Of("nodes_missing_value_tracks_true", _missingTracksTrue),
            NodeAttribute.Of("target_treeids", _targetTrees),
            NodeAttribute.Of("target_nodeids", _targetNodes),
            NodeAttribute.Of("target_ids", _targetIds),
            NodeAttribute.Tensor("target_weights_as_tensor", _targetWeights.ToArray()));
    }

    private int AddNode(ReadOnlySpan<byte> mode, int feature, double value, bool missingTracksTrue)
    {
        int id = _values.Count - _treeStart;
        _lowestFeature = Math.Min(_lowestFeature, feature);
        _highestFeature = Math.Max(_highestFeature, feature);
        _treeIds.Add(TreeCount - 1);
        _nodeIds.Add(id);
        _features.Add(feature);
        _modes.Add(mode);
        _values.Add(value);
        _trueChildren.Add(0);
        _falseChildren.Add(0);
        _missingTracksTrue.Add(missingTracksTrue ? 1 : 0);
        return id;
    }

    private static IntegerList Encode(List<int> values)
    {
        IntegerList encoded = new();
        foreach (int value in values)
        {
            encoded.Add(value);
        }

        return encoded;
    }

    private void AddWeight(int leaf, int target, double weight)
    {
        _targetTrees.Add(TreeCount - 1);
        _targetNodes.Add(leaf);
        _targetIds.Add(target);
        _targetWeights.Add(weight);
    }
}
