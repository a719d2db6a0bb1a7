using Slipway.Core;
using Slipway.Formats.Onnx.Building;

namespace Slipway.Formats.Boosters;

/// <summary>
/// A boosted tree: nodes with the root first. A set of categories becomes a chain of equality tests that share the subtree for members, which the engine joins to one test again.
/// </summary>
internal sealed class BoosterTree(IReadOnlyList<BoosterNode> nodes)
{
    // The engine builds its own form of a tree by recursion: what is deeper than any trained tree could overflow its stack.
    private const int MaxDepth = 2000;

    // A value that no category has: what makes a chain without members.
    private const double NoCategory = 0.5;

    /// <summary>The nodes.</summary>
    public IReadOnlyList<BoosterNode> Nodes => nodes;

    /// <summary>Adds the tree to an ensemble.</summary>
    /// <param name="ensemble">Takes the nodes.</param>
    /// <param name="target">Target that the leaves add to.</param>
    /// <param name="scale">What leaf values are multiplied with.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: a child is no node, is shared, or the tree is too deep.</exception>
    public void AppendTo(TreeEnsemble ensemble, int target, double scale)
    {
        ensemble.BeginTree();
        Dictionary<int, (int True, int False)> children = [];
        Stack<Step> open = new([new Step(0, 1, [], true)]);
        bool[] seen = new bool[nodes.Count];
        while (open.TryPop(out Step step))
        {
            if ((uint)step.Node >= (uint)nodes.Count || seen[step.Node] || step.Depth > MaxDepth)
            {
                throw new SlipwayException(ErrorCode.InvalidModel, step.Depth > MaxDepth
                    ? $"a tree is deeper than {MaxDepth} nodes"
                    : "a tree is damaged: a child is no node of it, or is reached twice");
            }

            seen[step.Node] = true;
            BoosterNode node = nodes[step.Node];
            if (node.IsLeaf)
            {
                Link(children, step, ensemble.AddLeaf(target, node.LeafValue * scale));
                continue;
            }

            int[] branches = AddBranches(ensemble, node);
            Link(children, step, branches[0]);
            for (int i = 0; i + 1 < branches.Length; i++)
            {
                children[branches[i]] = (-1, branches[i + 1]);
            }

            int depth = step.Depth + branches.Length;
            open.Push(new Step(node.FalseChild, depth, branches[^1..], false));
            open.Push(new Step(node.TrueChild, depth, branches, true));
        }

        foreach ((int branch, (int whenTrue, int whenFalse)) in children)
        {
            ensemble.SetChildren(branch, whenTrue, whenFalse);
        }
    }

    private static int[] AddBranches(TreeEnsemble ensemble, in BoosterNode node)
    {
        if (node.Members is not { } members)
        {
            return [ensemble.AddBranch(node.Mode, node.Feature, node.Value, node.MissingTracksTrue)];
        }

        if (members.Count == 0)
        {
            return [ensemble.AddBranch(TreeBranchMode.Equal, node.Feature, NoCategory, node.MissingTracksTrue)];
        }

        int[] branches = new int[members.Count];
        for (int i = 0; i < branches.Length; i++)
        {
            branches[i] = ensemble.AddBranch(TreeBranchMode.Equal, node.Feature, members[i], node.MissingTracksTrue);
        }

        return branches;
    }

    private static void Link(Dictionary<int, (int True, int False)> children, in Step step, int child)
    {
        foreach (int parent in step.Parents)
        {
            (int whenTrue, int whenFalse) = children.GetValueOrDefault(parent, (-1, -1));
            children[parent] = step.IsTrue ? (child, whenFalse) : (whenTrue, child);
        }
    }

    private readonly record struct Step(int Node, int Depth, int[] Parents, bool IsTrue);
}
