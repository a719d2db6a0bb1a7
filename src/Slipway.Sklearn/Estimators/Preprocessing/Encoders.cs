using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators.Preprocessing;

/// <summary>
/// Encoders of categories. Unknown categories do as the encoder was told; where it was told to fail, an ONNX graph can't: they are encoded as all zeros
/// (one-hot) or as NaN (ordinal).
/// </summary>
internal sealed class Encoders : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["OneHotEncoder", "OrdinalEncoder"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    /// <summary>The categories of each feature.</summary>
    public static IReadOnlyList<object?[]> Categories(Estimator encoder) =>
        [.. encoder.Objects("categories_").Select(item => Estimator.Items(item) ?? throw encoder.Missing("categories_", "a list of arrays"))];

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        IReadOnlyList<object?[]> categories = Categories(estimator);
        if (categories.Count != x.Width)
        {
            throw estimator.Missing("categories_", $"categories of {x.Width} features");
        }

        FeatureTable[] blocks = new FeatureTable[categories.Count];
        for (int i = 0; i < blocks.Length; i++)
        {
            Edge column = x.Column(scope, i);
            if (categories[i].Contains(null) && categories[i].Any(static category => category is double.NaN))
            {
                throw estimator.NotSupported($"None beside NaN among the categories of feature {i} (a request can't tell them apart)");
            }

            blocks[i] = FeatureTable.Of(estimator.ClassName == "OneHotEncoder"
                ? OneHot(estimator, scope.Graph, column, categories[i], i)
                : Ordinal(estimator, scope.Graph, column, categories[i], i));
        }

        return FeatureTable.Of(scope.Graph.Concat([.. blocks.Where(static block => block.Width > 0).Select(static block => block.Blocks[0])], -1));
    }

    /// <summary><c>[N, categories]</c>: where the column equals each category. NaN is a category like any other; missing text is the empty string.</summary>
    public static Edge Matches(GraphBuilder graph, Edge column, object?[] categories)
    {
        if (column.Type == OnnxDataType.String)
        {
            string[] texts = [.. categories.Select(TextOf)];
            return graph.Equal(column, graph.Constant(texts, 1, texts.Length));
        }

        double[] numbers = [.. categories.Select(NumberOf)];
        Edge equal = graph.Equal(graph.Cast(column, OnnxDataType.Double), graph.Constant(numbers, 1, numbers.Length));
        int missing = Array.FindIndex(numbers, double.IsNaN);
        if (missing < 0)
        {
            return equal;
        }

        bool[] isMissing = [.. numbers.Select(double.IsNaN)];
        Edge nan = graph.And(graph.IsNaN(graph.Cast(column, OnnxDataType.Double)), graph.Constant(isMissing, 1, isMissing.Length));
        return graph.Or(equal, nan);
    }

    private static Edge OneHot(Estimator estimator, GraphBuilder graph, Edge column, object?[] categories, int feature)
    {
        Edge matches = graph.Cast(Matches(graph, column, categories), OnnxDataType.Double);
        int width = categories.Length;
        long[]? groups = Groups(estimator, feature);
        if (groups is not null)
        {
            // Infrequent categories share the last column.
            width = (int)groups.Max() + 1;
            double[] placement = new double[categories.Length * width];
            for (int i = 0; i < groups.Length; i++)
            {
                placement[(i * width) + groups[i]] = 1;
            }

            matches = graph.MatMul(matches, graph.Constant(placement, categories.Length, width));
            if (estimator.Text("handle_unknown") is "infrequent_if_exist" or "warn")
            {
                Edge unknown = graph.Sub(graph.Scalar(1), graph.ReduceMax(matches, 1));
                double[] last = new double[width];
                last[^1] = 1;
                matches = graph.Add(matches, graph.Mul(unknown, EmitLinear.Row(graph, last)));
            }
        }

        int dropped = Dropped(estimator, feature);
        return dropped < 0 ? matches : graph.Gather(matches, graph.Constant([.. Enumerable.Range(0, width).Where(i => i != dropped).Select(static i => (long)i)]), 1);
    }

    private static long[]? Groups(Estimator estimator, int feature) =>
        estimator.Flag("_infrequent_enabled") && estimator.Has("_default_to_infrequent_mappings")
            && estimator.Objects("_default_to_infrequent_mappings") is { } mappings && feature < mappings.Length && mappings[feature] is NumpyArray mapping
            ? mapping.ToInt64s()
            : null;

    // Counted after infrequent categories became one: before 1.3, which keeps two numbers, the only one meant that as well.
    private static int Dropped(Estimator estimator, int feature)
    {
        string attribute = estimator.Has("_drop_idx_after_grouping") ? "_drop_idx_after_grouping" : "drop_idx_";
        return estimator.Has(attribute) && PickleNumbers.TryToInt64(estimator.Objects(attribute)[feature], out long index) ? (int)index : -1;
    }

    private static Edge Ordinal(Estimator estimator, GraphBuilder graph, Edge column, object?[] categories, int feature)
    {
        Edge matches = Matches(graph, column, categories);
        double[] codes = Groups(estimator, feature) is { } groups && groups.Length <= categories.Length
            ? [.. Enumerable.Range(0, categories.Length).Select(i => i < groups.Length ? (double)groups[i] : i)]
            : [.. Enumerable.Range(0, categories.Length).Select(static i => (double)i)];
        for (int i = 0; i < categories.Length; i++)
        {
            // None is a category like any other; NaN is a missing value.
            if (categories[i] is double.NaN)
            {
                codes[i] = estimator.Has("encoded_missing_value") ? estimator.Number("encoded_missing_value") : double.NaN;
            }
        }

        double unknown = estimator.Text("handle_unknown") == "use_encoded_value" && estimator.Has("unknown_value") ? estimator.Number("unknown_value") : double.NaN;
        Edge position = graph.ArgMax(graph.Cast(matches, OnnxDataType.Double), keepDimension: true);
        Edge any = graph.Greater(graph.ReduceMax(graph.Cast(matches, OnnxDataType.Double), 1), graph.Scalar(0));
        Edge code = graph.Gather(graph.Constant(codes), position, 0);
        return graph.Where(any, code, graph.Scalar(unknown));
    }

    /// <summary>A category, or a value to fill in, as text: missing is the empty string, truth values are True and False.</summary>
    public static string TextOf(object? category) => category switch
    {
        null or double.NaN => "",
        string text => text,
        bool flag => flag ? "True" : "False",
        IFormattable value => value.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => throw new SlipwayException(ErrorCode.NotSupported, "a category is neither text nor a number"),
    };

    private static double NumberOf(object? category) => category is null ? double.NaN
        : PickleNumbers.TryToDouble(category, out double number) ? number
        : throw new SlipwayException(ErrorCode.NotSupported, "a category of a numeric column is not a number");
}
