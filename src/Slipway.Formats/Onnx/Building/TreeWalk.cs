using Slipway.Core;

namespace Slipway.Formats.Onnx.Building;

/// <summary>
/// Walks a tree that a file describes from its root and adds it to an ensemble, so that nothing but a tree gets there: what is reached twice, leads out of the tree, or is
/// too deep is refused. A set of categories becomes a chain of equality tests that share the subtree for members, which the engine joins to one test again.
/// </summary>
internal static class TreeWalk
{
    /// <summary>
    /// Most branches between the root and a leaf; a set counts as one for each category. The engine builds its own form of a tree by recursion: what is deeper than any
    /// trained tree could overflow its stack.
    /// </summary>
    public const int MaxDepth = 2000;

    // A value that no category has: what makes a chain without members.
    private const double NoCategory = 0.5;

    /// <summary>Adds a tree as the ensemble's next. Nodes that the root does not reach are left out.</summary>
    /// <param name="ensemble">Takes the nodes.</param>
    /// <param name="nodeCount">Nodes of the description; the root is the first, and there is one.</param>
    /// <param name="nodeAt">The node of a number below <paramref name="nodeCount"/>; asked at most once for each.</param>
    /// <param name="addLeaf">Adds the leaf for a node, given how many branches lie above it, to the ensemble and returns its number there.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: a child is no node, is shared, or the tree is too deep.</exception>
    public static void AddTree(this TreeEnsemble ensemble, int nodeCount, Func<int, TreeNode> nodeAt, Func<int, int, int> addLeaf)
    {
        ensemble.BeginTree();
        Stack<Step> open = new([new Step(0, 0, 0, 0, 0, true)]);
        bool[] seen = new bool[nodeCount];
        while (open.TryPop(out Step step))
        {
            if ((uint)step.Node >= (uint)nodeCount || seen[step.Node])
            {
                throw new SlipwayException(ErrorCode.InvalidModel, "a tree is damaged: a child is no node of it, or is reached twice");
            }

            if (step.Tests > MaxDepth)
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"a tree is deeper than {MaxDepth} nodes");
            }

            seen[step.Node] = true;
            TreeNode node = nodeAt(step.Node);
            if (node.IsLeaf)
            {
                Link(ensemble, step, addLeaf(step.Node, step.Depth));
                continue;
            }

            int first = AddBranches(ensemble, node, out int count);
            Link(ensemble, step, first);
            for (int i = first; i < first + count - 1; i++)
            {
                ensemble.SetChild(i, whenTrue: false, i + 1);
            }

            int tests = step.Tests + count;
            open.Push(new Step(node.FalseChild, step.Depth + 1, tests, first + count - 1, 1, false));
            open.Push(new Step(node.TrueChild, step.Depth + 1, tests, first, count, true));
        }
    }

    // The branches of a set follow each other.
    private static int AddBranches(TreeEnsemble ensemble, in TreeNode node, out int count)
    {
        count = 1;
        if (node.Members is not { } members)
        {
            return ensemble.AddBranch(node.Mode, node.Feature, node.Value, node.MissingTracksTrue);
        }

        if (members.Count == 0)
        {
            return ensemble.AddBranch(TreeBranchMode.Equal, node.Feature, NoCategory, node.MissingTracksTrue);
        }

        count = members.Count;
        int first = ensemble.AddBranch(TreeBranchMode.Equal, node.Feature, members[0], node.MissingTracksTrue);
        for (int i = 1; i < count; i++)
        {
            ensemble.AddBranch(TreeBranchMode.Equal, node.Feature, members[i], node.MissingTracksTrue);
        }

        return first;
    }

    private static void Link(TreeEnsemble ensemble, in Step step, int child)
    {
        for (int parent = step.FirstParent; parent < step.FirstParent + step.ParentCount; parent++)
        {
            ensemble.SetChild(parent, step.IsTrue, child);
        }
    }

    /// <summary>A node to visit.</summary>
    /// <param name="Node">Its number.</param>
    /// <param name="Depth">Nodes above it.</param>
    /// <param name="Tests">Branches of the ensemble above it.</param>
    /// <param name="FirstParent">First of the branches of the ensemble that lead to it.</param>
    /// <param name="ParentCount">How many these are; they follow each other.</param>
    /// <param name="IsTrue">Whether as their true child.</param>
    private readonly record struct Step(int Node, int Depth, int Tests, int FirstParent, int ParentCount, bool IsTrue);
}
