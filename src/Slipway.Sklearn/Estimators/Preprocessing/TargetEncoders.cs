using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;

namespace Slipway.Sklearn.Estimators.Preprocessing;

/// <summary>Categories as the smoothed mean of the target (TargetEncoder, scikit-learn 1.3 and later); unknown ones as the overall mean. Of several classes, a column for each.</summary>
internal sealed class TargetEncoders : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["TargetEncoder"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        IReadOnlyList<object?[]> categories = Encoders.Categories(estimator);
        object?[] encodings = estimator.Objects("encodings_");
        double[] means = estimator.Vector("target_mean_");
        if (categories.Count != x.Width || categories.Count == 0 || encodings.Length % categories.Count != 0 || means.Length != encodings.Length / categories.Count)
        {
            throw estimator.Missing("encodings_", "an encoding of each feature");
        }

        Edge[] columns = new Edge[encodings.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            object?[] known = categories[i / means.Length];
            double[] values = (Estimator.AsMatrix(encodings[i]) ?? throw estimator.Missing("encodings_", "arrays of numbers")).Values;
            Edge matches = graph.Cast(Encoders.Matches(graph, x.Column(scope, i / means.Length), known), OnnxDataType.Double);
            Edge isKnown = graph.Greater(graph.ReduceMax(matches, 1), graph.Scalar(0));
            columns[i] = graph.Where(isKnown, graph.MatMul(matches, graph.Constant(values, known.Length, 1)), graph.Scalar(means[i % means.Length]));
        }

        return FeatureTable.Of(graph.Concat(columns, -1));
    }
}
