using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Formats.Pickle;
using Slipway.Formats.Sklearn.Conversion;

namespace Slipway.Formats.Sklearn.Estimators;

/// <summary>Histogram-based gradient boosting: trees over binary64 thresholds with missing-value directions, leaf values already shrunken.</summary>
internal sealed class HistogramBoosting : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["HistGradientBoostingClassifier", "HistGradientBoostingRegressor"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        if (estimator.Has("_preprocessor"))
        {
            throw estimator.NotSupported("a preprocessor of categories (categorical features in version 1.4 and later)");
        }

        object?[] iterations = estimator.Objects("_predictors");
        int outputs = estimator.Has("n_trees_per_iteration_") ? (int)estimator.Integer("n_trees_per_iteration_") : (Estimator.Items(iterations[0])?.Length ?? 1);
        TreeEnsemble ensemble = new(outputs);
        foreach (object? iteration in iterations)
        {
            object?[] trees = Estimator.Items(iteration) ?? throw estimator.Missing("_predictors", "lists of trees");
            for (int target = 0; target < trees.Length; target++)
            {
                Append(ensemble, trees[target] as PickleObject ?? throw estimator.Missing("_predictors", "lists of trees"), target, estimator);
            }
        }

        Edge sums = graph.Cast(ensemble.Emit(graph, x.ToMatrix(scope)), OnnxDataType.Double);
        double[] baseline = estimator.Vector("_baseline_prediction");
        Edge raw = graph.Add(sums, EmitLinear.Row(graph, baseline));
        if (estimator.ClassName == "HistGradientBoostingRegressor")
        {
            return new Prediction { Value = estimator.Text("loss") is "poisson" or "gamma" ? graph.Exp(raw) : raw };
        }

        ClassLabels classes = ClassLabels.FromObjects(estimator.Objects("classes_"));
        Edge probabilities = raw.Width == 1 ? EmitLinear.Complement(graph, graph.Sigmoid(raw)) : graph.Softmax(raw);
        return new Prediction { Classes = classes, ClassIndex = graph.ArgMax(probabilities), Decision = raw, Probabilities = probabilities };
    }

    private static void Append(TreeEnsemble ensemble, PickleObject predictor, int target, Estimator owner)
    {
        if (predictor["nodes"] is not NumpyArray nodes)
        {
            throw owner.Missing("_predictors", "trees with nodes");
        }

        double[] values = nodes.FieldDoubles("value");
        long[] features = nodes.FieldInt64s("feature_idx");
        double[] thresholds = nodes.FieldDoubles("num_threshold");
        long[] missingLeft = nodes.FieldInt64s("missing_go_to_left");
        long[] left = nodes.FieldInt64s("left");
        long[] right = nodes.FieldInt64s("right");
        long[] isLeaf = nodes.FieldInt64s("is_leaf");
        if (nodes.HasField("is_categorical") && nodes.FieldInt64s("is_categorical").Any(static flag => flag != 0))
        {
            throw owner.NotSupported("categorical splits");
        }

        ensemble.AddTree(
            values.Length,
            node => isLeaf[node] != 0
                ? TreeNode.Leaf
                : TreeNode.Branch((int)features[node], TreeBranchMode.LessOrEqual, thresholds[node], missingLeft[node] != 0, (int)left[node], (int)right[node]),
            (node, _) => ensemble.AddLeaf(target, values[node]));
    }
}
