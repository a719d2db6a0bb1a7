using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators.Preprocessing;

/// <summary>
/// Dictionaries of features as columns: a key whose values are text gives a column for each of them, named key=value; one whose values are numbers gives one. Here each
/// key is an input; an empty text, or NaN, is a key that is not there.
/// </summary>
internal sealed class DictVectorizers : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["DictVectorizer"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    /// <summary>The keys, in the order of their first column, and which of them are text.</summary>
    public static IReadOnlyList<(string Key, bool IsText)> Keys(Estimator estimator)
    {
        List<(string Key, bool IsText)> keys = [];
        foreach ((string key, string? value) in Columns(estimator))
        {
            int known = keys.FindIndex(entry => entry.Key == key);
            if (known < 0)
            {
                keys.Add((key, value is not null));
            }
            else if (keys[known].IsText != (value is not null))
            {
                throw estimator.NotSupported($"the key '{key}', which has numbers and text,");
            }
        }

        return keys;
    }

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        List<Edge> columns = [];
        foreach ((string key, string? value) in Columns(estimator))
        {
            Edge column = x.IndexOf(key) is >= 0 and var index ? x.Column(scope, index) : throw estimator.NotSupported("standing behind another step");
            columns.Add(value is not null
                ? graph.Cast(Encoders.Matches(graph, column, [value]), OnnxDataType.Double)
                : graph.Where(graph.IsNaN(column), graph.Scalar(0), column));
        }

        return FeatureTable.Of(graph.Concat(columns, -1));
    }

    // Column by column: the key, and the text that the column stands for; null for numbers.
    private static IEnumerable<(string Key, string? Value)> Columns(Estimator estimator)
    {
        string separator = estimator.Text("separator") ?? "=";
        if (estimator.Raw("vocabulary_") is not PickleDict vocabulary)
        {
            throw estimator.Missing("vocabulary_", "a dictionary of columns");
        }

        string[] names = new string[vocabulary.Entries.Count];
        foreach ((object? name, object? place) in vocabulary.Entries)
        {
            if (name is not string text || !PickleNumbers.TryToInt64(place, out long column) || column < 0 || column >= names.Length || names[column] is not null)
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"{estimator.Path} (DictVectorizer): 'vocabulary_' does not number its columns");
            }

            names[column] = text;
        }

        foreach (string name in names)
        {
            int at = name.IndexOf(separator, StringComparison.Ordinal);
            yield return at > 0 ? (name[..at], name[(at + separator.Length)..]) : (name, null);
        }
    }
}
