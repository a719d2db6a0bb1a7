using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;

namespace Slipway.Sklearn.Estimators.Ensembles;

/// <summary>Decision trees and the forests that average them.</summary>
internal sealed class TreeModels : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } =
    [
        "DecisionTreeClassifier", "ExtraTreeClassifier", "RandomForestClassifier", "ExtraTreesClassifier",
        "DecisionTreeRegressor", "ExtraTreeRegressor", "RandomForestRegressor", "ExtraTreesRegressor",
    ];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        IReadOnlyList<Estimator> trees = estimator.Has("estimators_") ? estimator.Children("estimators_") : [estimator];
        bool classifies = estimator.ClassName.EndsWith("Classifier", StringComparison.Ordinal);
        TreeReading[] readings = [.. trees.Select(TreeReading.Of)];
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

        return readings[0].Outputs > 1 ? SeveralOutputs(estimator, graph, sums, readings[0].Outputs) : OfClasses(graph, ClassLabels.FromObjects(estimator.Objects("classes_")), sums);
    }

    private static Prediction OfClasses(GraphBuilder graph, ClassLabels classes, Edge probabilities) =>
        new() { Classes = classes, ClassIndex = graph.ArgMax(probabilities), Probabilities = probabilities };

    // Each output has as many places as the output of most classes.
    private static Prediction SeveralOutputs(Estimator estimator, GraphBuilder graph, Edge sums, int outputs)
    {
        IReadOnlyList<ClassLabels> classes = estimator.ClassLists("classes_");
        long places = sums.Width / outputs;
        return new Prediction
        {
            Outputs = [.. classes.Select((known, output) => OfClasses(graph, known, graph.Columns(sums, [.. Enumerable.Range(0, known.Count).Select(i => (output * places) + i)])))],
        };
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
            int places = values.Length / tree.Outputs;
            for (int start = 0; start < values.Length; start += places)
            {
                double total = 0;
                foreach (double value in values.Slice(start, places))
                {
                    total += value;
                }

                for (int i = start; i < start + places; i++)
                {
                    weights[i] = (normalize ? total == 0 ? 0 : values[i] / total : values[i]) / treeCount;
                }
            }

            return ensemble.AddLeaf(weights);
        });
    }
}
