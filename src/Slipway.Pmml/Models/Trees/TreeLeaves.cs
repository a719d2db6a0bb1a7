using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Trees;

/// <summary>What each node gives as a result: value, id, and for categories their probabilities and confidences. Immutable.</summary>
internal sealed class TreeLeaves
{
    private readonly double[]?[] _probabilities;
    private readonly double[]?[] _confidences;

    /// <summary>Gathers the results of the nodes for the categories of a result.</summary>
    public TreeLeaves(IReadOnlyList<TreeNode> nodes, ModelResult result)
    {
        Values = [.. nodes.Select(static node => node.Score)];
        Ids = [.. nodes.Select(static node => node.Id)];
        _probabilities = new double[]?[nodes.Count];
        _confidences = new double[]?[nodes.Count];
        if (result.Categories.Length == 0)
        {
            return;
        }

        HasConfidences = nodes.Any(static node => node.Shares.Any(static share => share.Confidence is not null));
        for (int i = 0; i < nodes.Count; i++)
        {
            TreeNode node = nodes[i];
            _probabilities[i] = Probabilities(node, result);
            if (HasConfidences && node.Shares.Count > 0)
            {
                double[] confidences = new double[result.Categories.Length];
                foreach (TreeNode.Share share in node.Shares)
                {
                    confidences[result.IndexOf(share.Category)] = share.Confidence ?? 0;
                }

                _confidences[i] = confidences;
            }
        }
    }

    /// <summary>Predicted values by node.</summary>
    public double[] Values { get; }

    /// <summary>Ids by node.</summary>
    public double[] Ids { get; }

    /// <summary>Whether some node has confidences of its own.</summary>
    public bool HasConfidences { get; }

    /// <summary>Probabilities of the categories at a node; null where it has neither a distribution nor a score.</summary>
    public double[]? ProbabilitiesOf(int node) => _probabilities[node];

    /// <summary>Confidences of the categories at a node; null where it has none.</summary>
    public double[]? ConfidencesOf(int node) => _confidences[node];

    private static double[]? Probabilities(TreeNode node, ModelResult result)
    {
        double[] probabilities = new double[result.Categories.Length];
        if (node.Shares.Count == 0)
        {
            if (Cell.IsMissing(node.Score))
            {
                return null;
            }

            probabilities[result.IndexOf(node.Score)] = 1;
            return probabilities;
        }

        double total = node.Shares.Sum(static share => share.Records);
        foreach (TreeNode.Share share in node.Shares)
        {
            probabilities[result.IndexOf(share.Category)] = share.Probability ?? (total > 0 ? share.Records / total : 0);
        }

        return probabilities;
    }
}
