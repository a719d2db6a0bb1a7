using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators.Ensembles;

/// <summary>Histogram-based gradient boosting: trees over binary64 thresholds with missing-value directions, leaf values already shrunken.</summary>
internal sealed class HistogramBoosting : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["HistGradientBoostingClassifier", "HistGradientBoostingRegressor"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        // Since 1.4 a transformer puts the categories first, as their positions, and the numbers behind them.
        Edge matrix = (estimator.Has("_preprocessor") ? scope.Transform(estimator.Child("_preprocessor"), x) : x).ToMatrix(scope);
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

        Edge sums = graph.Cast(ensemble.Emit(graph, WithKnownCategories(estimator, graph, matrix)), OnnxDataType.Double);
        double[] baseline = estimator.Vector("_baseline_prediction");
        Edge raw = graph.Add(sums, EmitLinear.Row(graph, baseline));
        if (estimator.ClassName == "HistGradientBoostingRegressor")
        {
            return new Prediction { Value = estimator.Text("loss") is "poisson" or "gamma" ? graph.Exp(raw) : raw };
        }

        ClassLabels classes = ClassLabels.FromObjects(estimator.Objects("classes_"));
        Edge probabilities = raw.Width == 1 ? EmitLinear.Complement(graph, EmitLinear.Sigmoid(graph, raw)) : graph.Softmax(raw);
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
        long[]? isCategorical = nodes.HasField("is_categorical") ? nodes.FieldInt64s("is_categorical") : null;
        long[]? bitsets = isCategorical is not null ? nodes.FieldInt64s("bitset_idx") : null;
        Matrix? goesLeft = isCategorical?.Any(static flag => flag != 0) == true ? Estimator.AsMatrix(predictor["raw_left_cat_bitsets"]) : null;

        ensemble.AddTree(
            values.Length,
            node => isLeaf[node] != 0 ? TreeNode.Leaf
                : goesLeft is not null && isCategorical![node] != 0
                ? TreeNode.Membership((int)features[node], Members(goesLeft, (int)bitsets![node]), missingLeft[node] != 0, (int)left[node], (int)right[node])
                : TreeNode.Branch((int)features[node], TreeBranchMode.LessOrEqual, thresholds[node], missingLeft[node] != 0, (int)left[node], (int)right[node]),
            (node, _) => ensemble.AddLeaf(target, values[node]));
    }

    // A category is the whole number below, as one byte. What is negative, missing or was never seen goes the way of missing values.
    private static Edge WithKnownCategories(Estimator estimator, GraphBuilder graph, Edge x)
    {
        if (!estimator.Has("_bin_mapper") || !estimator.Child("_bin_mapper").Has("is_categorical_"))
        {
            return x;
        }

        Estimator mapper = estimator.Child("_bin_mapper");
        long[] isCategorical = mapper.Integers("is_categorical_");
        if (!isCategorical.Contains(1))
        {
            return x;
        }

        object?[] thresholds = mapper.Objects("bin_thresholds_");
        Edge[] columns = new Edge[isCategorical.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = graph.Columns(x, [i]);
            if (isCategorical[i] != 0)
            {
                double[] known = (Estimator.AsMatrix(thresholds[i]) ?? throw mapper.Missing("bin_thresholds_", "arrays of numbers")).Values;
                Edge whole = graph.Floor(columns[i]);
                Edge code = graph.Sub(whole, graph.Mul(graph.Floor(graph.Mul(whole, graph.Scalar(1.0 / 256))), graph.Scalar(256)));
                Edge matches = graph.Cast(graph.Equal(code, EmitLinear.Row(graph, known)), OnnxDataType.Double);
                Edge isKnown = graph.And(graph.Greater(graph.ReduceMax(matches, 1), graph.Scalar(0)), graph.GreaterOrEqual(columns[i], graph.Scalar(0)));
                columns[i] = graph.Where(isKnown, code, graph.Scalar(double.NaN));
            }
        }

        return graph.Concat(columns, -1);
    }

    // Eight words of 32 bits for each split on categories.
    private static List<int> Members(Matrix bitsets, int index)
    {
        List<int> members = [];
        for (int code = 0; code < 32 * bitsets.Columns; code++)
        {
            if (((long)bitsets[index, code / 32] >> (code % 32) & 1) != 0)
            {
                members.Add(code);
            }
        }

        return members;
    }
}
