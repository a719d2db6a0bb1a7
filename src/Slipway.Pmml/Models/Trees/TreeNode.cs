using System.Globalization;
using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Predicates;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Trees;

/// <summary>A node of a tree as the document has it. Immutable once read.</summary>
internal sealed class TreeNode
{
    /// <summary>Place among all nodes, in document order.</summary>
    public required int Index { get; init; }

    /// <summary>Its id as a symbol: the document's, or its place from 1.</summary>
    public required double Id { get; init; }

    /// <summary>When it is entered.</summary>
    public required Predicate Predicate { get; init; }

    /// <summary>Nodes below it, in order.</summary>
    public List<TreeNode> Children { get; } = [];

    /// <summary>The child that missing values go to; null when none is named.</summary>
    public TreeNode? DefaultChild { get; private set; }

    /// <summary>The predicted value; missing when the node has none.</summary>
    public required double Score { get; init; }

    /// <summary>Training records; 0 when the document does not say.</summary>
    public required double Records { get; init; }

    /// <summary>A model that gives the result in place of the score; null for most nodes.</summary>
    public PmmlElement? Embedded { get; private set; }

    /// <summary>Counts, probabilities and confidences of categories as the document has them.</summary>
    public required IReadOnlyList<Share> Shares { get; init; }

    /// <summary>One <c>ScoreDistribution</c>.</summary>
    public readonly record struct Share(double Category, double Records, double? Probability, double? Confidence);

    /// <summary>Reads the nodes of a model; the first is the root. Without recursion: a tree may be deep.</summary>
    public static List<TreeNode> ReadAll(ModelContext model)
    {
        List<TreeNode> all = [];
        List<(TreeNode Node, string Default)> defaults = [];
        Stack<(PmmlElement Element, TreeNode? Parent)> open = new();
        open.Push((model.Element.RequiredChild("Node"), null));
        while (open.TryPop(out (PmmlElement Element, TreeNode? Parent) next))
        {
            TreeNode node = Read(next.Element, all.Count, model);
            all.Add(node);
            next.Parent?.Children.Add(node);
            if (next.Element.Attribute("defaultChild") is { } id)
            {
                defaults.Add((node, id));
            }

            for (int i = next.Element.Children.Count - 1; i >= 0; i--)
            {
                PmmlElement child = next.Element.Children[i];
                if (child.Name == "Node")
                {
                    open.Push((child, node));
                }
                else if (EmbeddedModel.Is(child))
                {
                    node.Embedded = child;
                }
            }
        }

        foreach ((TreeNode node, string id) in defaults)
        {
            node.DefaultChild = node.Children.Find(child => child.Id == model.Plan.Code(id))
                ?? throw PmmlError.Invalid(model.Element, $"has a node whose defaultChild '{id}' is not among its children");
        }

        return all;
    }

    private static TreeNode Read(PmmlElement element, int index, ModelContext model)
    {
        string? score = element.Attribute("score");
        List<Share> shares = [];
        foreach (PmmlElement share in element.ChildrenNamed("ScoreDistribution"))
        {
            if (model.IsClassification)
            {
                shares.Add(new Share(
                    model.Category(share, share.Required("value")), share.Number("recordCount") ?? 0, share.Number("probability"), share.Number("confidence")));
            }
        }

        double value = score is null ? Cell.Missing : model.Category(element, score);
        if (score is null && shares.Count > 0)
        {
            value = shares.MaxBy(static share => share.Probability ?? share.Records).Category;
        }

        return new TreeNode
        {
            Index = index,
            Id = model.Plan.Code(element.Attribute("id") ?? (index + 1).ToString(CultureInfo.InvariantCulture)),
            Predicate = PredicateCompiler.CompileIn(element, model.Scope, model.Plan),
            Score = value,
            Records = element.Number("recordCount") ?? shares.Sum(static share => share.Records),
            Shares = shares,
        };
    }
}
