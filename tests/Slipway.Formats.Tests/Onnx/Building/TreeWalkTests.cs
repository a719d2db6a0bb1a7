using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;

namespace Slipway.Formats.Tests.Onnx.Building;

public sealed class TreeWalkTests
{
    [Fact]
    public void A_leaf_is_told_how_many_branches_lie_above_it()
    {
        List<(int Node, int Depth)> leaves = [];
        Add([Branch(1, 2), TreeNode.Leaf, TreeNode.Membership(0, [1, 2, 3], false, 3, 4), TreeNode.Leaf, TreeNode.Leaf], (node, depth) => leaves.Add((node, depth)));
        Assert.Equal([(1, 1), (3, 2), (4, 2)], leaves.Order());
    }

    [Fact]
    public void A_set_becomes_one_branch_for_each_category_and_an_empty_set_one_that_none_passes()
    {
        Assert.Equal(5, Add([TreeNode.Membership(0, [1, 2, 3], false, 1, 2), TreeNode.Leaf, TreeNode.Leaf]).NodeCount);
        Assert.Equal(3, Add([TreeNode.Membership(0, [], false, 1, 2), TreeNode.Leaf, TreeNode.Leaf]).NodeCount);
    }

    [Theory]
    [InlineData(0, 1)] // itself
    [InlineData(1, 1)] // shared
    [InlineData(1, 2)] // not there
    [InlineData(1, -1)]
    [InlineData(int.MaxValue, 1)]
    public void What_is_no_tree_is_refused(int left, int right)
    {
        SlipwayException error = Assert.Throws<SlipwayException>(() => Add([Branch(left, right), TreeNode.Leaf]));
        Assert.Equal(ErrorCode.InvalidModel, error.Code);
    }

    [Fact]
    public void A_tree_without_nodes_is_refused() => Assert.Throws<SlipwayException>(() => Add([]));

    [Theory]
    [InlineData(TreeWalk.MaxDepth, true)]
    [InlineData(TreeWalk.MaxDepth + 1, false)]
    public void Depth_is_bounded(int branches, bool isTaken)
    {
        TreeNode[] nodes = [.. Enumerable.Range(0, branches).SelectMany(static i => new[] { Branch((2 * i) + 1, (2 * i) + 2), TreeNode.Leaf }), TreeNode.Leaf];
        SlipwayException? error = Record.Exception(() => Add(nodes)) as SlipwayException;
        Assert.Equal(isTaken, error is null);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void A_feature_that_the_input_does_not_have_is_refused(int feature)
    {
        TreeEnsemble ensemble = Add([TreeNode.Branch(feature, TreeBranchMode.Less, 0, false, 1, 2), TreeNode.Leaf, TreeNode.Leaf]);
        GraphBuilder graph = new();
        SlipwayException error = Assert.Throws<SlipwayException>(() => ensemble.Emit(graph, graph.Input("X", OnnxDataType.Double, -1, 3)));
        Assert.Equal(ErrorCode.InvalidModel, error.Code);
    }

    private static TreeNode Branch(int left, int right) => TreeNode.Branch(0, TreeBranchMode.LessOrEqual, 0, false, left, right);

    private static TreeEnsemble Add(TreeNode[] nodes, Action<int, int>? onLeaf = null)
    {
        TreeEnsemble ensemble = new(1);
        ensemble.AddTree(nodes.Length, node => nodes[node], (node, depth) =>
        {
            onLeaf?.Invoke(node, depth);
            return ensemble.AddLeaf(0, node);
        });
        return ensemble;
    }
}
