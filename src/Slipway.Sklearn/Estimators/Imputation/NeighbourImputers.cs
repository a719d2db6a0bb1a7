using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Neighbors;
using Slipway.Sklearn.Estimators.Numerics;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators.Imputation;

/// <summary>Missing numbers filled with the mean of the nearest training rows that have them (KNNImputer). Distances are over the features that both rows have.</summary>
internal sealed class NeighbourImputers : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["KNNImputer"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Edge matrix = x.ToMatrix(scope);
        Matrix training = estimator.Matrix("_fit_X");
        if (PickleNumbers.TryToDouble(estimator.Raw("missing_values"), out double mark) && !double.IsNaN(mark))
        {
            matrix = graph.Where(graph.Equal(matrix, graph.Scalar(mark)), graph.Scalar(double.NaN), matrix);
            training = training with { Values = [.. training.Values.Select(value => value == mark ? double.NaN : value)] };
        }

        Edge distances = EmitRows.Emit(graph, matrix, (long)training.Rows * training.Columns, training.Rows, (g, rows) => MissingAwareDistances(g, rows, training));
        List<Edge> columns = [];
        for (int column = 0; column < training.Columns; column++)
        {
            if (Filled(estimator, graph, matrix, distances, training, column) is { } filled)
            {
                columns.Add(filled);
            }
        }

        FeatureTable imputed = FeatureTable.Of(graph.Concat(columns, -1));
        return estimator.Flag("add_indicator") && estimator.Has("indicator_")
            ? FeatureTable.Join([imputed, scope.Transform(estimator.Child("indicator_"), x)])
            : imputed;
    }

    // √(features / shared features · Σ over shared features of the squared difference); NaN where two rows share none.
    private static Edge MissingAwareDistances(GraphBuilder graph, Edge x, Matrix training)
    {
        double[] known = [.. training.Values.Select(static value => double.IsNaN(value) ? 0 : value)];
        double[] isKnown = [.. training.Values.Select(static value => double.IsNaN(value) ? 0.0 : 1)];
        Edge spread = graph.Reshape(x, -1, 1, training.Columns);
        Edge isMissing = graph.IsNaN(spread);
        Edge shared = graph.Mul(graph.Cast(graph.Not(isMissing), OnnxDataType.Double), graph.Constant(isKnown, 1, training.Rows, training.Columns));
        Edge difference = graph.Sub(graph.Where(isMissing, graph.Scalar(0), spread), graph.Constant(known, 1, training.Rows, training.Columns));
        Edge sum = graph.ReduceSum(graph.Mul(shared, graph.Mul(difference, difference)), 2, keepDimension: false);
        Edge count = graph.ReduceSum(shared, 2, keepDimension: false);
        return graph.Sqrt(graph.Div(graph.Mul(sum, graph.Scalar(training.Columns)), count));
    }

    private static Edge? Filled(Estimator estimator, GraphBuilder graph, Edge x, Edge distances, Matrix training, int column)
    {
        long[] donors = [.. Enumerable.Range(0, training.Rows).Where(row => !double.IsNaN(training[row, column])).Select(static row => (long)row)];
        Edge given = graph.Columns(x, [column]);
        if (donors.Length == 0)
        {
            // A feature that was never there is left out, or is zero.
            return estimator.Flag("keep_empty_features") ? graph.Mul(graph.Cast(graph.IsNaN(given), OnnxDataType.Double), graph.Scalar(0)) : null;
        }

        double[] values = [.. donors.Select(row => training[(int)row, column])];
        int k = (int)Math.Min(estimator.Integer("n_neighbors"), donors.Length);
        Edge near = graph.Columns(distances, donors);
        Edge none = graph.IsNaN(near);
        Edge[] nearest = graph.Nodes(
            "TopK", "", [graph.Where(none, graph.Scalar(double.MaxValue), near), graph.Constant([(long)k])],
            [(OnnxDataType.Double, new TensorShape(-1, k)), (OnnxDataType.Int64, new TensorShape(-1, k))],
            NodeAttribute.Of("axis", 1), NodeAttribute.Of("largest", 0), NodeAttribute.Of("sorted", 1));
        Edge weights = NearestNeighbors.Weights(estimator, graph, nearest[0]);
        weights = graph.Where(graph.Equal(nearest[0], graph.Scalar(double.MaxValue)), graph.Scalar(0), weights);
        Edge whole = graph.ReduceSum(weights, 1);
        Edge sum = graph.ReduceSum(graph.Mul(graph.Gather(graph.Constant(values), nearest[1], 0), weights), 1);
        Edge isAlone = graph.Equal(whole, graph.Scalar(0));
        Edge mean = graph.Where(isAlone, graph.Scalar(values.Average()), graph.Div(sum, graph.Where(isAlone, graph.Scalar(1), whole)));
        return graph.Where(graph.IsNaN(given), mean, given);
    }
}
