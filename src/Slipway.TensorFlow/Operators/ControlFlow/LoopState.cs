using Slipway.Formats.Onnx;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.ControlFlow;

/// <summary>
/// The variables of a loop during one translation of its body. Tensors are carried from round to round. A list that is empty before the loop, and gets one item a
/// round, is what ONNX calls a scan output: its items are put together behind the loop.
/// </summary>
internal sealed class LoopState
{
    private readonly OperatorCall _call;
    private readonly bool[] _isInvariant;
    private readonly Scope _scope;
    private readonly Term?[] _inputs;
    private IReadOnlyList<Value> _results = [];

    public LoopState(OperatorCall call, bool[] isInvariant, PartialShape[] shapes)
    {
        (_call, _isInvariant) = (call, isInvariant);
        _scope = call.Inputs.Select(ScopeOfValue).Append(call.Draft.Root).MaxBy(static scope => scope.Depth)!.Inner();
        _inputs = new Term?[call.Inputs.Count];
        Arguments = [.. call.Inputs.Select((input, i) => Argument(input, i, shapes[i]))];
    }

    /// <summary>What the body is called with.</summary>
    public IReadOnlyList<Value> Arguments { get; }

    /// <summary>What is known of a variable's shape; of a list, of the shape of its items put together.</summary>
    public static PartialShape ShapeOf(Value value) => value switch
    {
        ITermSource source => source.Term.Shape,
        TensorListValue { Items: { } items } => items.Shape,
        _ => PartialShape.Unknown,
    };

    /// <summary>Makes the loop out of the body's results.</summary>
    /// <param name="begin">Whether there is a first round.</param>
    /// <param name="condition">Makes the condition for another round out of variables.</param>
    public IReadOnlyList<Value> Close(Term begin, Func<IReadOnlyList<Value>, Term> condition, IReadOnlyList<Value> results)
    {
        _results = results;
        int[] carried = [.. Enumerable.Range(0, _inputs.Length).Where(i => _inputs[i] is not null)];
        int[] scanned = [.. Enumerable.Range(0, _inputs.Length).Where(i => Arguments[i] is OpenListValue)];
        ListWriteValue[] writes = [.. scanned.Select(i => Write(i, results[i]))];
        Term next = condition([.. results.Select((result, i) => _isInvariant[i] ? _call.Inputs[i] : result)]);
        Term[] state = [.. carried.Select(i => Carried(i, results[i]))];
        Term round = _call.Draft.Input("round", OnnxDataType.Int64, PartialShape.Scalar, _scope);
        Term goesOn = _call.Draft.Input("goes_on", OnnxDataType.Bool, PartialShape.Scalar, _scope);
        StepBody body = new("body", _scope, [round, goesOn, .. carried.Select(i => _inputs[i]!)], [next, .. state, .. writes.Select(static write => write.Item)]);
        IReadOnlyList<Term> outputs = _call.Draft.Control(
            "Loop",
            [null, begin, .. carried.Select(i => Initial(_call.Inputs[i]))],
            [body],
            [
                .. carried.Select(i => (_inputs[i]!.Type, _inputs[i]!.Shape)),
                .. writes.Select(static write => (write.Item.Type, write.Item.Shape.HasRank ? new PartialShape([-1, .. write.Item.Shape.Dimensions]) : PartialShape.Unknown)),
            ]);

        Value[] all = [.. _call.Inputs];
        for (int i = 0; i < carried.Length; i++)
        {
            all[carried[i]] = results[carried[i]] is TensorListValue list ? new TensorListValue(outputs[i], list.Length, list.ItemType, list.ItemShape) : outputs[i];
        }

        for (int i = 0; i < scanned.Length; i++)
        {
            all[scanned[i]] = Collected((TensorListValue)_call.Inputs[scanned[i]], writes[i], outputs[carried.Length + i]);
        }

        return all;
    }

    private static Scope ScopeOfValue(Value value) => value switch
    {
        ITermSource source => source.Term.Scope,
        TensorListValue { Items: { } items } => items.Scope,
        TensorListValue list => list.Length.Scope,
        _ => Scope.Root(),
    };

    private static Term Initial(Value value) => value is TensorListValue list ? list.Items! : ((ITermSource)value).Term;

    private Value Argument(Value input, int index, PartialShape shape)
    {
        if (_isInvariant[index])
        {
            return input;
        }

        switch (input)
        {
            case ITermSource source:
                _inputs[index] = _call.Draft.Input($"{_call.Node.Name}:state", source.Term.Type, shape, _scope);
                return _inputs[index]!;
            case TensorListValue { Items: { } items } list:
                _inputs[index] = _call.Draft.Input($"{_call.Node.Name}:list", items.Type, shape, _scope);
                return new TensorListValue(_inputs[index], list.Length, list.ItemType, list.ItemShape);
            case TensorListValue list:
                return new OpenListValue(list);
            default:
                throw OperatorCall.NotSupported("one of its variables is neither a tensor nor a list of tensors");
        }
    }

    private static Term Carried(int index, Value result) => result switch
    {
        ITermSource source => source.Term,
        TensorListValue { Items: { } items } => items,
        _ => throw OperatorCall.NotSupported($"variable {index + 1} of the loop can't be carried from round to round"),
    };

    private ListWriteValue Write(int index, Value result) => result is ListWriteValue write && ReferenceEquals(write.List, Arguments[index])
        ? write
        : throw OperatorCall.NotSupported("a list is written in another way than one item in each round");

    // One item a round at the position of a counter from zero; or always at the same place, which keeps the last one.
    private TensorListValue Collected(TensorListValue list, ListWriteValue write, Term scan)
    {
        Draft draft = _call.Draft;
        if (write.Index.KnownIntegers is [0] && list.Length.KnownIntegers is [1])
        {
            return new TensorListValue(draft.Slice(scan, [new SliceRange(0, -1, long.MaxValue, 1)]), list.Length, scan.Type, write.Item.Shape);
        }

        if (!IsCounter(write.Index))
        {
            throw OperatorCall.NotSupported("a list is written at positions that do not simply count up from zero");
        }

        return new TensorListValue(Filled(draft, scan, list.Length, write.Item), list.Length, scan.Type, write.Item.Shape);
    }

    // The rounds may be fewer than the list has places: what was never written is zero.
    private static Term Filled(Draft draft, Term scan, Term length, Term item)
    {
        if (!item.Shape.HasRank)
        {
            return scan;
        }

        Term made = draft.Slice(draft.Shape(scan), [new SliceRange(0, 0, 1, 1)]);
        Term missing = draft.Sub(draft.Reshape(draft.Long(length), 1), made);
        Term zeros = draft.Integers(new long[item.Shape.Rank]);
        Term pads = draft.Concat([draft.Integers([0]), zeros, missing, zeros], 0);
        PartialShape shape = new([length.KnownIntegers is [var known] ? known : -1, .. item.Shape.Dimensions]);
        return draft.Node("Pad", [scan, pads], scan.Type, shape);
    }

    private bool IsCounter(Term index)
    {
        Term bare = Bare(index);
        int variable = Array.FindIndex(_inputs, input => ReferenceEquals(input, bare));
        if (variable < 0 || Initial(_call.Inputs[variable]).KnownIntegers is not [0])
        {
            return false;
        }

        return _results[variable] is ITermSource { Term: { } next } && Bare(next).Producer is { Operation: "Add" } step
            && step.Inputs.Any(input => ReferenceEquals(Bare(input!), bare)) && step.Inputs.Any(static input => input!.KnownIntegers is [1]);
    }

    private static Term Bare(Term term)
    {
        while (true)
        {
            if (term.Alias is { } alias)
            {
                term = alias;
            }
            else if (term.Producer is { Operation: "Cast" } cast)
            {
                term = cast.Inputs[0]!;
            }
            else
            {
                return term;
            }
        }
    }
}
