using Slipway.Formats.Onnx;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Drafting;

/// <summary>
/// A value of the graph that is being drafted: a constant, an input of a graph, or an output of a step. Immutable once made. Only what the model's outputs need
/// is written in the end, so terms may be made and forgotten.
/// </summary>
internal sealed class Term
{
    /// <summary>Most elements that are followed one by one.</summary>
    public const int MaxElements = 4096;

    private long?[]? _elements;
    private bool _elementsTried;

    public required OnnxDataType Type { get; init; }

    public required PartialShape Shape { get; init; }

    public required Scope Scope { get; init; }

    /// <summary>The step that gives the value; null for constants and inputs.</summary>
    public Step? Producer { get; init; }

    /// <summary>The value, where it is known.</summary>
    public TensorData? Constant { get; init; }

    /// <summary>The term of a graph around this one that this stands for, so that what is made of it stays in this graph.</summary>
    public Term? Alias { get; init; }

    /// <summary>Name of an input.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether the value is known.</summary>
    public bool IsConstant => Constant is not null;

    /// <summary>
    /// What is known of the elements of a small integer or boolean tensor, row by row, with null for those that are not: sizes of which only some are known at
    /// conversion. Null when nothing is known.
    /// </summary>
    public long?[]? Elements
    {
        get
        {
            if (!_elementsTried && Constant is { Count: <= MaxElements } constant)
            {
                _elements = constant.ToIntegers()?.Select(static value => (long?)value).ToArray();
            }

            _elementsTried = true;
            return _elements;
        }

        init
        {
            _elements = value;
            _elementsTried = true;
        }
    }

    /// <summary>The elements, when all of them are known.</summary>
    public long[]? KnownIntegers => Elements is { } elements && Array.TrueForAll(elements, static element => element is not null)
        ? [.. elements.Select(static element => element!.Value)]
        : null;
}
