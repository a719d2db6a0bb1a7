using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Preprocessing;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators.Imputation;

/// <summary>Fills missing values with a statistic or a constant. A column without a statistic is dropped, indicator columns follow at the end.</summary>
internal sealed class Imputers : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["SimpleImputer", "MissingIndicator"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        if (estimator.ClassName == "MissingIndicator")
        {
            return Indicate(estimator, x, scope);
        }

        GraphBuilder graph = scope.Graph;
        object?[] statistics = estimator.Objects("statistics_");
        if (statistics.Length != x.Width)
        {
            throw estimator.Missing("statistics_", $"one statistic for each of {x.Width} features");
        }

        bool keeps = estimator.Text("strategy") == "constant" || estimator.Flag("keep_empty_features");
        List<Edge> columns = [];
        for (int i = 0; i < statistics.Length; i++)
        {
            if (statistics[i] is double.NaN or null && !keeps)
            {
                continue;
            }

            Edge column = x.Column(scope, i);
            columns.Add(graph.Where(IsMissing(estimator, graph, column), Fill(estimator, graph, column, statistics[i]), column));
        }

        FeatureTable filled = FeatureTable.Of(columns, []);
        return estimator.Flag("add_indicator") && estimator.Has("indicator_")
            ? FeatureTable.Join([filled, Indicate(estimator.Child("indicator_"), x, scope)])
            : filled;
    }

    private static FeatureTable Indicate(Estimator indicator, FeatureTable x, ConversionScope scope)
    {
        Edge[] columns = [.. indicator.Integers("features_").Select(feature =>
            scope.Graph.Cast(IsMissing(indicator, scope.Graph, x.Column(scope, (int)feature)), OnnxDataType.Double))];
        return columns.Length == 0 ? FeatureTable.Of([], []) : FeatureTable.Of(scope.Graph.Concat(columns, -1));
    }

    /// <summary>Where a value is the imputer's mark of a missing one: NaN, or the number or text that it was told.</summary>
    public static Edge IsMissing(Estimator estimator, GraphBuilder graph, Edge column)
    {
        object? marker = estimator.Raw("missing_values");
        if (column.Type == OnnxDataType.String)
        {
            return graph.Equal(column, graph.Constant([marker as string ?? ""], 1, 1));
        }

        Edge number = graph.Cast(column, OnnxDataType.Double);
        return PickleNumbers.TryToDouble(marker, out double value) && !double.IsNaN(value) ? graph.Equal(number, graph.Scalar(value)) : graph.IsNaN(number);
    }

    private static Edge Fill(Estimator estimator, GraphBuilder graph, Edge column, object? statistic) => column.Type == OnnxDataType.String
        ? graph.Constant([Encoders.TextOf(statistic)], 1, 1)
        : PickleNumbers.TryToDouble(statistic, out double number) ? graph.Scalar(number, column.Type)
        : throw estimator.NotSupported("filling numbers with something else");
}
