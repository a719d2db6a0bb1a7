using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators.Composition;

/// <summary>Different transformers for different columns, their results side by side. Columns are given by name, position, slice or mask.</summary>
internal sealed class ColumnTransformerConverter : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["ColumnTransformer"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    /// <summary>The transformers that do something, each with the positions of its columns and the factor on its result; a null transformer passes its columns on.</summary>
    public static IReadOnlyList<(Estimator? Transformer, int[] Columns, double Weight)> Parts(Estimator estimator, Func<string, int> positionOf, int width)
    {
        List<(Estimator?, int[], double)> parts = [];
        object?[] items = estimator.Objects("transformers_");
        for (int i = 0; i < items.Length; i++)
        {
            if (Estimator.Items(items[i]) is not [string name, var transformer, var spec])
            {
                throw estimator.Missing("transformers_", "a list of names, transformers and columns");
            }

            if (transformer is "drop")
            {
                continue;
            }

            int[] columns = ColumnsOf(estimator, name, spec, positionOf, width);
            double weight = estimator.Raw("transformer_weights") is PickleDict weights && weights.TryGet(name, out object? value) && PickleNumbers.TryToDouble(value, out double given) ? given : 1;
            switch (transformer)
            {
                case "passthrough":
                    parts.Add((null, columns, weight));
                    break;
                case PickleObject node when columns.Length > 0:
                    parts.Add((new Estimator(node, $"{estimator.Path}.transformers_[{i}]"), columns, weight));
                    break;
                case PickleObject:
                    break;
                default:
                    throw estimator.Missing("transformers_", "a list of names, transformers and columns");
            }
        }

        return parts;
    }

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        IReadOnlyList<string> names = estimator.FeatureNames;
        IReadOnlyList<(Estimator? Transformer, int[] Columns, double Weight)> parts = Parts(
            estimator,
            name => x.IndexOf(name) is >= 0 and var known ? known : IndexOf(names, name),
            x.Width);
        return FeatureTable.Join([.. parts.Select(part =>
        {
            FeatureTable selected = x.Select(scope, part.Columns);
            FeatureTable result = part.Transformer is { } transformer ? scope.Transform(transformer, selected) : selected;
            return part.Weight == 1 ? result : FeatureTable.Of(scope.Graph.Mul(result.ToMatrix(scope), scope.Graph.Scalar(part.Weight))).As(result.Storage);
        })]);
    }

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return i;
            }
        }

        return -1;
    }

    private static int[] ColumnsOf(Estimator estimator, string name, object? spec, Func<string, int> positionOf, int width)
    {
        // What a callable chose, and what versions later resolved, is kept as plain positions.
        if (estimator.Raw("_transformer_to_input_indices") is PickleDict resolved && resolved.TryGet(name, out object? positions) && Estimator.Items(positions) is { } known)
        {
            return [.. known.Select(item => Position(estimator, item, positionOf, width))];
        }

        switch (spec)
        {
            case string single:
                return [Position(estimator, single, positionOf, width)];
            case PickleObject { Type.FullName: "builtins.slice" } slice:
                return SliceOf(estimator, slice, positionOf, width);
            case NumpyArray { Type.Kind: 'b' } mask:
                long[] flags = mask.ToInt64s();
                return [.. Enumerable.Range(0, flags.Length).Where(i => flags[i] != 0)];
            default:
                object?[] items = Estimator.Items(spec) ?? [spec];
                return items.Length > 0 && items.All(static item => item is bool)
                    ? [.. Enumerable.Range(0, items.Length).Where(i => (bool)items[i]!)]
                    : [.. items.Select(item => Position(estimator, item, positionOf, width))];
        }
    }

    private static int Position(Estimator estimator, object? item, Func<string, int> positionOf, int width)
    {
        int position = item switch
        {
            string name => positionOf(name),
            _ when PickleNumbers.TryToInt64(item, out long number) => (int)(number < 0 ? number + width : number),
            _ => -1,
        };
        return position >= 0 && position < width ? position : throw estimator.NotSupported($"the column specification '{item}'");
    }

    private static int[] SliceOf(Estimator estimator, PickleObject slice, Func<string, int> positionOf, int width)
    {
        object?[] bounds = slice.Arguments.Items;
        if (bounds.Length != 3 || (bounds[2] is not null && !(PickleNumbers.TryToInt64(bounds[2], out long step) && step == 1)))
        {
            throw estimator.NotSupported("a slice of columns with a step");
        }

        // A slice of names includes its end, a slice of positions does not.
        int start = bounds[0] is null ? 0 : Position(estimator, bounds[0], positionOf, width);
        int end = bounds[1] switch
        {
            null => width,
            string name => Position(estimator, name, positionOf, width) + 1,
            var value when PickleNumbers.TryToInt64(value, out long number) => (int)Math.Clamp(number < 0 ? number + width : number, 0, width),
            _ => throw estimator.NotSupported("a slice of columns"),
        };
        return [.. Enumerable.Range(start, Math.Max(0, end - start))];
    }
}
