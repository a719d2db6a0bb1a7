using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Evaluation;

/// <summary>What flows along an edge of a TensorFlow graph while it is being translated.</summary>
internal abstract class Value
{
    /// <summary>The value of a term.</summary>
    public static implicit operator Value(Term term) => new TensorValue(term);
}

/// <summary>What has a term to stand for it.</summary>
internal interface ITermSource
{
    Term Term { get; }
}

/// <summary>A tensor.</summary>
internal sealed class TensorValue(Term term) : Value, ITermSource
{
    public Term Term => term;
}

/// <summary>A constant that is read when it is needed: a tensor of the checkpoint.</summary>
internal sealed class DeferredValue(Func<TensorData> read) : Value
{
    public TensorData Read() => read();
}

/// <summary>A handle of a variable, or a reference variable itself.</summary>
internal sealed class VariableValue(Variable variable) : Value
{
    public Variable Variable => variable;
}

/// <summary>A handle of a lookup table.</summary>
internal sealed class TableValue(LookupTable table) : Value
{
    public LookupTable Table => table;
}

/// <summary>A list of tensors of one shape, as recurrent layers keep their steps in.</summary>
/// <param name="items">The items along the first dimension; null for a list that nothing was written to.</param>
/// <param name="length">Number of items (INT64 scalar).</param>
/// <param name="itemType">Type of the items.</param>
/// <param name="itemShape">What is known of their shape.</param>
internal sealed class TensorListValue(Term? items, Term length, Formats.Onnx.OnnxDataType itemType, PartialShape itemShape) : Value
{
    public Term? Items => items;

    public Term Length => length;

    public Formats.Onnx.OnnxDataType ItemType => itemType;

    public PartialShape ItemShape => itemShape;
}

/// <summary>The output of a branch that is known not to be taken.</summary>
internal sealed class DeadValue : Value
{
    public static DeadValue Instance { get; } = new();
}

/// <summary>What can't be had: an output of something that is not supported, or that is never there. Whatever needs it can't be had either.</summary>
/// <param name="reason">Why, when using it is what is wrong; null when that was reported already.</param>
internal sealed class MissingValue(string? reason) : Value
{
    public string? Reason => reason;
}
