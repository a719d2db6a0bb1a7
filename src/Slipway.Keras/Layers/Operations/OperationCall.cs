using System.Text.Json;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;

namespace Slipway.Keras.Layers.Operations;

/// <summary>
/// A call of a named function with its arguments, wherever they are: Keras 3 keeps those that are no tensors with the operation, Keras 2 with the call, under TensorFlow's names.
/// </summary>
internal readonly record struct OperationCall(LayerCall Call)
{
    /// <summary>Where nodes are emitted.</summary>
    public GraphBuilder Graph => Call.Graph;

    /// <summary>All tensors, in order.</summary>
    public IReadOnlyList<Edge> Tensors => [.. Call.Inputs.Select(static input => input.Edge)];

    /// <summary>The first argument, which is a tensor.</summary>
    public Edge X => Tensor(0, "x", "inputs", "input", "input_tensor", "tensor", "features", "logits", "value", "a", "params");

    /// <summary>The first argument as binary32.</summary>
    public Edge Float => Single(X);

    /// <summary>The first argument: integers that the engine computes with as they are, anything else as binary32.</summary>
    public Edge Natural => X.Type is OnnxDataType.Int32 or OnnxDataType.Int64 ? X : Float;

    /// <summary>A tensor by position, or by one of its names.</summary>
    public Edge Tensor(int position, params string[] names) => Find(position, names) is { Tensors: [var tensor] }
        ? tensor.Edge
        : throw Call.Layer.NotSupported($"its argument {position + 1} is no tensor");

    /// <summary>Two operands of one type: a number takes the tensor's type where it fits, and tensors of different types become binary32.</summary>
    public (Edge A, Edge B) Pair(bool asFloat = false)
    {
        CallArgument? first = Find(0, "x1", "x", "a");
        CallArgument? second = Find(1, "x2", "y", "b");
        if (first is null || second is null)
        {
            throw Call.Layer.NotSupported("it is not called with two operands");
        }

        Edge? a = first.Tensors is [var left] ? left.Edge : null;
        Edge? b = second.Tensors is [var right] ? right.Edge : null;
        if (a is { } x && b is { } y)
        {
            return !asFloat && x.Type == y.Type && !IsNarrow(x.Type) ? (x, y) : (Single(x), Single(y));
        }

        Edge tensor = a ?? b ?? throw Call.Layer.NotSupported("none of its operands is a tensor");
        JsonElement literal = a is null ? first.Literal : second.Literal;
        if (ConstantArray.TryRead(literal) is { } array)
        {
            Edge numbers = Graph.Constant(array.Values, array.Shape);
            return a is null ? (numbers, Single(tensor)) : (Single(tensor), numbers);
        }

        double number = literal.ValueKind == JsonValueKind.Number ? literal.GetDouble() : throw Call.Layer.NotSupported("one of its operands is neither a tensor nor a number");
        bool keepsType = !asFloat && tensor.Type is OnnxDataType.Int32 or OnnxDataType.Int64 && number == Math.Floor(number) && Math.Abs(number) < int.MaxValue;
        Edge known = keepsType ? tensor : Single(tensor);
        Edge constant = Graph.ScalarLike(number, known);
        return a is null ? (constant, known) : (known, constant);
    }

    /// <summary>Integers; null when there are none. One integer counts as a list of one.</summary>
    public long[]? Integers(params string[] names)
    {
        foreach (string name in names)
        {
            if (Call.Config.Integers(name) is { } own)
            {
                return own;
            }

            if (Call.Named.TryGetValue(name, out CallArgument? given) && given.Literal.ValueKind is JsonValueKind.Number or JsonValueKind.Array)
            {
                return (Call.Config with { Json = Wrapped(given.Literal) }).Integers("value");
            }
        }

        return null;
    }

    /// <summary>Whether what has one of the names is a list, be it of one number.</summary>
    public bool IsList(params string[] names)
    {
        foreach (string name in names)
        {
            if (Call.Config.TryGet(name, out JsonElement own) || (Call.Named.TryGetValue(name, out CallArgument? given) && (own = given.Literal).ValueKind != JsonValueKind.Undefined))
            {
                return own.ValueKind is JsonValueKind.Array or JsonValueKind.Object;
            }
        }

        return false;
    }

    /// <summary>A number, or null.</summary>
    public double? Number(params string[] names)
    {
        foreach (string name in names)
        {
            if (Call.Config.Has(name))
            {
                return Call.Config.Number(name, 0);
            }

            if (Call.Named.TryGetValue(name, out CallArgument? given) && given.Literal.ValueKind == JsonValueKind.Number)
            {
                return given.Literal.GetDouble();
            }
        }

        return null;
    }

    /// <summary>A truth value.</summary>
    public bool Flag(string name, bool fallback = false) =>
        Call.Config.Has(name) ? Call.Config.Flag(name, fallback)
        : Call.Named.TryGetValue(name, out CallArgument? given) && given.Literal.ValueKind is JsonValueKind.True or JsonValueKind.False ? given.Literal.ValueKind == JsonValueKind.True
        : fallback;

    /// <summary>Text, or null.</summary>
    public string? Text(params string[] names)
    {
        foreach (string name in names)
        {
            if (Call.Config.TryGet(name, out JsonElement own) && own.ValueKind == JsonValueKind.String)
            {
                return own.GetString();
            }

            if (Call.Named.TryGetValue(name, out CallArgument? given) && given.Literal.ValueKind == JsonValueKind.String)
            {
                return given.Literal.GetString();
            }
        }

        return null;
    }

    /// <summary>A dimension of <paramref name="x"/>.</summary>
    public int Axis(Edge x, long fallback, params string[] names) => Position(Integers(names.Length == 0 ? ["axis"] : names)?[0] ?? fallback, x.Rank);

    /// <summary>A dimension counted from the beginning.</summary>
    public int Position(long axis, int rank) => axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis) : throw Call.Layer.Invalid($"dimension {axis} is asked for where there are {rank}");

    /// <summary>Dimensions that a reduction goes over; all of them where none is named.</summary>
    public long[] Axes(Edge x)
    {
        int rank = x.Rank;
        OperationCall self = this;
        return Integers("axis") is { } axes ? [.. axes.Select(axis => (long)self.Position(axis, rank)).Distinct().Order()] : [.. Enumerable.Range(0, rank).Select(static axis => (long)axis)];
    }

    /// <summary>An argument by position or name, or null.</summary>
    public CallArgument? Find(int position, params string[] names)
    {
        foreach (string name in names)
        {
            if (Call.Named.TryGetValue(name, out CallArgument? given))
            {
                return given;
            }
        }

        return position < Call.Positional.Count ? Call.Positional[position] : null;
    }

    /// <summary>The values as binary32.</summary>
    public Edge Single(Edge x) => x.Type == OnnxDataType.String ? throw Call.Layer.Invalid("it is called with text") : Graph.Cast(x, OnnxDataType.Float);

    private static bool IsNarrow(OnnxDataType type) => type is not (OnnxDataType.Float or OnnxDataType.Int32 or OnnxDataType.Int64 or OnnxDataType.Bool or OnnxDataType.String);

    private static JsonElement Wrapped(JsonElement value) => JsonDocument.Parse($"{{\"value\":{value.GetRawText()}}}").RootElement;
}
