using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators.Imputation;

/// <summary>Missing numbers predicted from the other features, round by round, with the regressors kept from each round of training (IterativeImputer).</summary>
internal sealed class IterativeImputers : EstimatorConverter
{
    private const int MaxSteps = 2000;

    public override IReadOnlyList<string> ClassNames { get; } = ["IterativeImputer"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        if (estimator.Flag("sample_posterior"))
        {
            throw estimator.NotSupported("drawing at random (sample_posterior)");
        }

        GraphBuilder graph = scope.Graph;
        Estimator initial = estimator.Child("initial_imputer_");
        object?[] statistics = initial.Objects("statistics_");
        int[] kept = [.. Enumerable.Range(0, statistics.Length).Where(i => !PickleNumbers.TryToDouble(statistics[i], out double value) || !double.IsNaN(value))];
        Edge given = graph.Columns(x.ToMatrix(scope), [.. kept.Select(static i => (long)i)]);
        Edge isMissing = Imputers.IsMissing(estimator, graph, given);
        Edge first = scope.Transform(initial, x).ToMatrix(scope);
        if (first.Width != kept.Length)
        {
            throw estimator.NotSupported("features that were always missing");
        }

        Edge[] columns = [.. Enumerable.Range(0, kept.Length).Select(i => graph.Columns(first, [i]))];
        object?[] steps = estimator.Objects("imputation_sequence_");
        if (steps.Length > MaxSteps)
        {
            throw estimator.NotSupported($"more than {MaxSteps} steps of imputation");
        }

        foreach (object? step in steps)
        {
            Apply(estimator, step, columns, isMissing, scope);
        }

        FeatureTable imputed = FeatureTable.Of(graph.Concat(columns, -1));
        return estimator.Flag("add_indicator") && estimator.Has("indicator_")
            ? FeatureTable.Join([imputed, scope.Transform(estimator.Child("indicator_"), x)])
            : imputed;
    }

    private static void Apply(Estimator estimator, object? step, Edge[] columns, Edge isMissing, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        if (step is not PickleObject { Arguments.Items: [var target, NumpyArray neighbours, PickleObject model] } || !PickleNumbers.TryToInt64(target, out long feature)
            || feature < 0 || feature >= columns.Length)
        {
            throw estimator.Missing("imputation_sequence_", "features, their neighbours and regressors");
        }

        Estimator regressor = estimator.AsChild(model, "imputation_sequence_")!;
        Edge others = graph.Concat([.. neighbours.ToInt64s().Select(i => columns[i])], -1);
        Edge value = scope.Predict(regressor, FeatureTable.Of(others)).Value ?? throw regressor.NotSupported("filling missing values");
        value = graph.Min(graph.Max(value, graph.Scalar(Bound(estimator, "_min_value", feature, double.NegativeInfinity))), graph.Scalar(Bound(estimator, "_max_value", feature, double.PositiveInfinity)));
        columns[feature] = graph.Where(graph.Columns(isMissing, [feature]), value, columns[feature]);
    }

    private static double Bound(Estimator estimator, string name, long feature, double otherwise) =>
        estimator.Has(name) && estimator.Vector(name) is { } bounds ? bounds[bounds.Length == 1 ? 0 : feature] : otherwise;
}
