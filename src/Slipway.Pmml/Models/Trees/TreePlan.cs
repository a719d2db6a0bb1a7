using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Trees;

/// <summary><c>TreeModel</c> with one outcome for each row.</summary>
internal sealed class TreePlan(ModelResult result, TreeProgram program, TreeLeaves leaves) : ModelPlan(result)
{
    /// <summary>The questions.</summary>
    public TreeProgram Program => program;

    /// <summary>The results of the nodes.</summary>
    public TreeLeaves Leaves => leaves;

    /// <summary>Compiles the element.</summary>
    public static ModelPlan Compile(ModelContext model)
    {
        PmmlElement element = model.Element;
        List<TreeNode> nodes = TreeNode.ReadAll(model);
        MissingStrategy strategy = element.Attribute("missingValueStrategy") switch
        {
            null or "none" => MissingStrategy.None,
            "lastPrediction" => MissingStrategy.LastPrediction,
            "nullPrediction" => MissingStrategy.NullPrediction,
            "defaultChild" => MissingStrategy.DefaultChild,
            "weightedConfidence" => MissingStrategy.WeightedConfidence,
            "aggregateNodes" => MissingStrategy.AggregateNodes,
            var other => throw PmmlError.NotSupported(element, $"missingValueStrategy=\"{other}\""),
        };
        bool returnsLast = element.Attribute("noTrueChildStrategy") switch
        {
            null or "returnNullPrediction" => false,
            "returnLastPrediction" => true,
            var other => throw PmmlError.Invalid(element, $"has noTrueChildStrategy=\"{other}\": expected returnNullPrediction or returnLastPrediction"),
        };
        ModelUnit?[] models = [.. nodes.Select(node => node.Embedded is { } embedded ? model.CompileInner(EmbeddedModel.AsModel(embedded), model.Scope) : null)];
        ModelResult result = model.NewResult().WithEntity();
        if (model.IsClassification)
        {
            result.WithProbabilities(model.CategoriesWith(
                nodes.SelectMany(static node => node.Shares.Select(static share => share.Category).Append(node.Score)).Where(static score => !Cell.IsMissing(score))
                    .Concat(models.SelectMany(static each => each?.Result.Categories ?? []))));
        }

        TreeLeaves leaves = new(nodes, result);
        double penalty = element.Number("missingValuePenalty") ?? 1;
        if (Array.Exists(models, static each => each is not null))
        {
            return strategy is MissingStrategy.WeightedConfidence or MissingStrategy.AggregateNodes || penalty != 1
                ? throw PmmlError.NotSupported(element, "a model within a node of a tree that joins nodes or has a missingValuePenalty")
                : new ComposedTreePlan(result, new TreeProgram(nodes, strategy, returnsLast), leaves, models);
        }

        bool isJoined = strategy is MissingStrategy.WeightedConfidence or MissingStrategy.AggregateNodes;
        if (leaves.HasConfidences || isJoined || penalty != 1)
        {
            result.WithConfidences();
        }

        return isJoined || (penalty != 1 && strategy == MissingStrategy.DefaultChild)
            ? new BranchingTreePlan(result, nodes, leaves, strategy, returnsLast, penalty)
            : new TreePlan(result, new TreeProgram(nodes, strategy, returnsLast), leaves);
    }

    public override void Evaluate(Frame frame)
    {
        program.Prepare(frame);
        int node = program.Walk(frame);
        if (node < 0)
        {
            return;
        }

        frame[Result.Value] = leaves.Values[node];
        frame[Result.Entity] = leaves.Ids[node];
        if (leaves.ProbabilitiesOf(node) is { } probabilities)
        {
            probabilities.CopyTo(Result.ProbabilitiesOf(frame));
        }

        if (Result.Confidences >= 0 && (leaves.ConfidencesOf(node) ?? leaves.ProbabilitiesOf(node)) is { } confidences)
        {
            confidences.CopyTo(Result.ConfidencesOf(frame));
        }
    }
}
