using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Trees;

/// <summary>
/// <c>TreeModel</c> whose missing values count: a row may go down several children at once, whose outcomes are joined by their records
/// (<c>weightedConfidence</c>, <c>aggregateNodes</c>), or pay a penalty for each default child.
/// </summary>
internal sealed class BranchingTreePlan(
    ModelResult result, IReadOnlyList<TreeNode> nodes, TreeLeaves leaves, MissingStrategy strategy, bool returnsLast, double penalty) : ModelPlan(result)
{
    public override void Evaluate(Frame frame)
    {
        if (nodes[0].Predicate.Evaluate(frame) != Truth.True)
        {
            return;
        }

        TreeNode? node = nodes[0];
        double factor = 1;
        while (node.Children.Count > 0)
        {
            (TreeNode? next, bool isUnknown) = Choose(node, frame);
            if (isUnknown && strategy != MissingStrategy.DefaultChild)
            {
                Join(node, frame);
                return;
            }

            if (isUnknown)
            {
                next = node.DefaultChild;
                factor *= penalty;
            }

            if (next is null)
            {
                if (!returnsLast || isUnknown)
                {
                    return;
                }

                break;
            }

            node = next;
        }

        Take(node, factor, frame);
    }

    // The first child whose predicate holds, unless an undecided one stands before it.
    private static (TreeNode? Next, bool IsUnknown) Choose(TreeNode node, Frame frame)
    {
        foreach (TreeNode child in node.Children)
        {
            switch (child.Predicate.Evaluate(frame))
            {
                case Truth.True:
                    return (child, false);
                case Truth.Unknown:
                    return (null, true);
            }
        }

        return (null, false);
    }

    private void Take(TreeNode node, double factor, Frame frame)
    {
        frame[Result.Value] = node.Score;
        frame[Result.Entity] = node.Id;
        if (Result.Probabilities < 0 || leaves.ProbabilitiesOf(node.Index) is not { } probabilities)
        {
            return;
        }

        probabilities.CopyTo(Result.ProbabilitiesOf(frame));
        Span<double> confidences = Result.ConfidencesOf(frame);
        (leaves.ConfidencesOf(node.Index) ?? probabilities).CopyTo(confidences);
        foreach (ref double confidence in confidences)
        {
            confidence *= factor;
        }
    }

    private void Join(TreeNode node, Frame frame)
    {
        double[] shares = new double[Math.Max(1, Result.Categories.Length)];
        double weight = Gather(node, frame, shares, 1);
        if (weight <= 0)
        {
            return;
        }

        if (Result.Categories.Length == 0)
        {
            frame[Result.Value] = shares[0] / weight;
            return;
        }

        Span<double> confidences = Result.ConfidencesOf(frame);
        Span<double> probabilities = Result.ProbabilitiesOf(frame);
        for (int i = 0; i < shares.Length; i++)
        {
            confidences[i] = shares[i] / weight;
            probabilities[i] = confidences[i];
        }

        Result.Decide(frame);
    }

    // Adds the outcomes below a node, times a factor, and gives the weight that they have together.
    private double Gather(TreeNode node, Frame frame, double[] shares, double factor)
    {
        if (node.Children.Count == 0)
        {
            return Add(node, shares, factor);
        }

        (TreeNode? next, bool isUnknown) = Choose(node, frame);
        if (!isUnknown)
        {
            return next is not null ? Gather(next, frame, shares, factor) : returnsLast ? Add(node, shares, factor) : 0;
        }

        TreeNode[] candidates = [.. node.Children.Where(child => child.Predicate.Evaluate(frame) != Truth.False)];
        double records = candidates.Sum(static child => child.Records);
        double weight = 0;
        foreach (TreeNode child in candidates)
        {
            double part = strategy == MissingStrategy.AggregateNodes ? factor : records > 0 ? factor * child.Records / records : factor / candidates.Length;
            weight += Gather(child, frame, shares, part);
        }

        return weight;
    }

    private double Add(TreeNode node, double[] shares, double factor)
    {
        double weight = strategy == MissingStrategy.AggregateNodes ? node.Records : factor;
        if (Result.Categories.Length == 0)
        {
            shares[0] += weight * (Cell.IsMissing(node.Score) ? 0 : node.Score);
            return weight;
        }

        double[] distribution = (strategy == MissingStrategy.WeightedConfidence ? leaves.ConfidencesOf(node.Index) : null)
            ?? leaves.ProbabilitiesOf(node.Index) ?? new double[shares.Length];
        for (int i = 0; i < shares.Length; i++)
        {
            shares[i] += weight * distribution[i];
        }

        return weight;
    }
}
