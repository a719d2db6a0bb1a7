using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Formats.Sklearn.Conversion;

namespace Slipway.Formats.Sklearn.Estimators;

/// <summary>Decision trees and the forests that average them.</summary>
internal sealed class TreeModels : EstimatorConverter
{
    private static readonly string[] Classifiers = ["DecisionTreeClassifier", "ExtraTreeClassifier", "RandomForestClassifier", "ExtraTreesClassifier"];

    public override IReadOnlyList<string> ClassNames { get; } =
        [.. Classifiers, "DecisionTreeRegressor", "ExtraTreeRegressor", "RandomForestRegressor", "ExtraTreesRegressor"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        IReadOnlyList<Estimator> trees = estimator.Has("estimators_") ? estimator.Children("estimators_") : [estimator];
        bool classifies = Classifiers.Contains(estimator.ClassName, StringComparer.Ordinal);
        TreeReading[] readings = [.. trees.Select(TreeReading.Of)];
        if (classifies && readings[0].Outputs > 1)
        {
            throw estimator.NotSupported("more than one output of a classifier");
        }

        int width = readings[0].ValuesPerNode;
        TreeEnsemble ensemble = new(width);
        foreach (TreeReading tree in readings)
        {
            AppendMean(tree, ensemble, classifies, readings.Length, estimator);
        }

        Edge sums = graph.Cast(ensemble.Emit(graph, AsFloat32(graph, x.ToMatrix(scope))), OnnxDataType.Double);
        if (!classifies)
        {
            return new Prediction { Value = sums };
        }

        ClassLabels classes = ClassLabels.FromObjects(estimator.Objects("classes_"));
        return new Prediction { Classes = classes, ClassIndex = graph.ArgMax(sums), Probabilities = sums };
    }

    /// <summary>Features as trees see them: rounded to binary32, then compared as binary64.</summary>
    public static Edge AsFloat32(GraphBuilder graph, Edge x) => graph.Cast(graph.Cast(x, OnnxDataType.Float), OnnxDataType.Double);

    // Leaves of classifiers hold weighted counts up to version 1.3 and fractions later: normalising serves both.
    private static void AppendMean(TreeReading tree, TreeEnsemble ensemble, bool normalize, int treeCount, Estimator owner)
    {
        double[] weights = new double[tree.ValuesPerNode];
        if (weights.Length != ensemble.Targets)
        {
            throw owner.Missing("estimators_", "trees of one kind");
        }

        tree.AppendTo(ensemble, null, (node, _) =>
        {
            ReadOnlySpan<double> values = tree.Values(node);
            double total = 0;
            foreach (double value in values)
            {
                total += value;
            }

            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] = (normalize ? total == 0 ? 0 : values[i] / total : values[i]) / treeCount;
            }

            return ensemble.AddLeaf(weights);
        });
    }
}
