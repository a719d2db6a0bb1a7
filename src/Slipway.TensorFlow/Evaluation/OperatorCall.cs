using System.Text;
using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Evaluation;

/// <summary>A node that is being translated, with its inputs and attributes. Attributes that a file leaves out have the operator's default, which the caller names.</summary>
internal sealed class OperatorCall(Evaluator evaluator, Frame frame, GraphNode node, IReadOnlyList<Value> inputs)
{
    public Evaluator Evaluator => evaluator;

    public Draft Draft => evaluator.Draft;

    public GraphNode Node => node;

    public Frame Frame => frame;

    public IReadOnlyList<Value> Inputs => inputs;

    public string Operation => node.Operation;

    /// <summary>Outputs that somebody needs.</summary>
    public IReadOnlySet<int> Wanted => frame.Wanted.TryGetValue(node.Name, out HashSet<int>? wanted) ? wanted : new HashSet<int>();

    /// <summary>An input as a tensor.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when there is no such input, or it is none.</exception>
    public Term Tensor(int index)
    {
        if (index >= inputs.Count)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"it has {inputs.Count} inputs, number {index + 1} is missing");
        }

        return inputs[index] switch
        {
            ITermSource tensor => tensor.Term,
            DeferredValue deferred => Draft.Constant(deferred.Read()),
            VariableValue reference => Read(reference.Variable),
            _ => throw new SlipwayException(ErrorCode.NotSupported, $"input {index + 1} is no tensor"),
        };
    }

    /// <summary>An input as a tensor; null when it is none, which is reported unless that was done.</summary>
    public Term? TryTensor(int index)
    {
        if (inputs[index] is ITermSource or DeferredValue or VariableValue)
        {
            return Tensor(index);
        }

        if (inputs[index] is not MissingValue { Reason: null })
        {
            evaluator.Report(frame, node, inputs[index] is MissingValue { Reason: { } reason } ? reason : "it is no tensor");
        }

        return null;
    }

    /// <summary>All inputs from <paramref name="first"/> on, as tensors.</summary>
    public Term[] Tensors(int first = 0, int skipLast = 0) => [.. Enumerable.Range(first, Math.Max(0, inputs.Count - first - skipLast)).Select(Tensor)];

    /// <summary>The value of a variable.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when it has none.</exception>
    public Term Read(Variable variable) =>
        variable.Read(Draft) ?? throw new SlipwayException(ErrorCode.InvalidModel, $"variable '{variable.Name}' has no value: the checkpoint does not hold it");

    /// <summary>An input that must be known at conversion, as integers.</summary>
    /// <param name="what">What it is, for the message.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> when it is not.</exception>
    public long[] Integers(int index, string what) =>
        Tensor(index).KnownIntegers ?? throw new SlipwayException(ErrorCode.NotSupported, $"its {what} is computed when the model runs; only a fixed one is converted");

    /// <summary>An input that must be a single integer known at conversion.</summary>
    public long Integer(int index, string what) => Integers(index, what) is [var only] ? only : throw new SlipwayException(ErrorCode.InvalidModel, $"its {what} is not one number");

    /// <summary>The value of an input that must be known at conversion.</summary>
    public TensorData Constant(int index, string what) =>
        Tensor(index).Constant ?? throw new SlipwayException(ErrorCode.NotSupported, $"its {what} is computed when the model runs; only a fixed one is converted");

    public long Attribute(string name, long absent) => Value(name)?.Integer ?? absent;

    public bool Flag(string name, bool absent = false) => Value(name)?.Flag ?? absent;

    public float Attribute(string name, float absent) => Value(name)?.Float ?? absent;

    public string Attribute(string name, string absent) => Value(name)?.Bytes is { } bytes ? Encoding.UTF8.GetString(bytes) : absent;

    public TensorFlowType Attribute(string name, TensorFlowType absent) => Value(name)?.Type ?? absent;

    /// <summary>A list of integers; null when the file has none.</summary>
    public long[]? List(string name) => Value(name)?.List is { } list ? [.. list.Select(static element => element.Integer ?? 0)] : null;

    /// <summary>An attribute, or null when the file has none.</summary>
    public AttributeValue? Value(string name) => frame.Attribute(node, name);

    /// <summary>The rank of a tensor.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> when it is not known.</exception>
    public static int Rank(Term term) => term.Shape.HasRank
        ? term.Shape.Rank
        : throw new SlipwayException(ErrorCode.NotSupported, "the number of dimensions of its input is not known at conversion");

    /// <summary>A dimension of a tensor, counted from the beginning.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> when it counts from the end of an unknown rank.</exception>
    public static int Axis(long axis, Term term) => term.Shape.HasRank || axis < 0 ? ShapeRules.Axis(axis, Rank(term)) : (int)axis;

    /// <summary>The error for something that the operator may do and that is not converted.</summary>
    public static SlipwayException NotSupported(string reason) => new(ErrorCode.NotSupported, reason);

    /// <summary>The same numbers as INT64 or as <paramref name="type"/>: how operators give positions.</summary>
    public Term Index(Term positions, TensorFlowType type) => Draft.Cast(positions, type.ToOnnx(), isLossless: positions.Type == OnnxDataType.Int64);
}
