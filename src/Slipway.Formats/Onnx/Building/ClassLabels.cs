using Slipway.Core;

namespace Slipway.Formats.Onnx.Building;

/// <summary>
/// The classes of a classifier, in the order of its probabilities: integers or text. Floats that are whole numbers count as integers, as the labels of most data sets are.
/// </summary>
internal sealed class ClassLabels
{
    private readonly long[]? _integers;
    private readonly string[]? _texts;

    private ClassLabels(long[]? integers, string[]? texts)
    {
        _integers = integers;
        _texts = texts;
    }

    /// <summary>Number of classes.</summary>
    public int Count => _integers?.Length ?? _texts!.Length;

    /// <summary>Names for metadata and column headers.</summary>
    public IReadOnlyList<string> Names => _texts ?? [.. _integers!.Select(static value => value.ToString(System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>Integer classes.</summary>
    public static ClassLabels Of(IReadOnlyList<long> values) => new([.. values], null);

    /// <summary>Text classes.</summary>
    public static ClassLabels Of(IReadOnlyList<string> values) => new(null, [.. values]);

    /// <summary>0 … count-1.</summary>
    public static ClassLabels Indices(int count) => Of([.. Enumerable.Range(0, count).Select(static index => (long)index)]);

    /// <summary>Classes out of numbers, truth values or text as a file has them.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> when they are of no kind that a label can have.</exception>
    public static ClassLabels FromObjects(IReadOnlyList<object?> values)
    {
        if (values.All(static value => value is long or bool || (value is double number && number == Math.Truncate(number))))
        {
            return Of([.. values.Select(static value => value switch { bool flag => flag ? 1L : 0L, double number => (long)number, _ => (long)value! })]);
        }

        if (values.All(static value => value is string or long or bool or double))
        {
            return Of([.. values.Select(static value => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!)]);
        }

        throw new SlipwayException(ErrorCode.NotSupported, "the classes of the model are neither integers nor text");
    }

    /// <summary>Turns positions (<c>[N]</c>, INT64) into labels (<c>[N]</c>).</summary>
    public Edge Emit(GraphBuilder graph, Edge positions)
    {
        if (_integers is not null && _integers.Select(static (value, index) => value == index).All(static same => same))
        {
            return positions;
        }

        Edge labels = _integers is not null ? graph.Constant(_integers) : graph.Constant(_texts!);
        return graph.Gather(labels, positions, 0);
    }
}
