using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Drafting;

/// <summary>Elementwise operators. Integers that are known, or some of whose elements are, are computed here.</summary>
internal static class Arithmetic
{
    public static Term Add(this Draft draft, Term a, Term b) => draft.Binary("Add", a, b, static (x, y) => x + y);

    public static Term Sub(this Draft draft, Term a, Term b) => draft.Binary("Sub", a, b, static (x, y) => x - y);

    public static Term Mul(this Draft draft, Term a, Term b) => draft.Binary("Mul", a, b, static (x, y) => x * y);

    /// <summary>Division; of integers towards zero.</summary>
    public static Term Div(this Draft draft, Term a, Term b) => draft.Binary("Div", a, b, static (x, y) => y == 0 || (x == long.MinValue && y == -1) ? null : x / y);

    public static Term Max(this Draft draft, Term a, Term b) => draft.Binary("Max", a, b, static (x, y) => Math.Max(x, y));

    public static Term Min(this Draft draft, Term a, Term b) => draft.Binary("Min", a, b, static (x, y) => Math.Min(x, y));

    public static Term Pow(this Draft draft, Term a, Term b) => draft.Binary("Pow", a, b);

    /// <summary>Remainder with the sign of the divisor; integers only.</summary>
    public static Term FloorMod(this Draft draft, Term a, Term b) =>
        draft.Binary("Mod", a, b, static (x, y) => y is 0 or -1 ? (y == 0 ? null : 0) : ((x % y) + y) % y);

    /// <summary>Division of integers towards minus infinity.</summary>
    public static Term FloorDiv(this Draft draft, Term a, Term b)
    {
        if (a.Elements is not null && b.Elements is not null)
        {
            Term known = draft.Binary("Div", a, b, static (x, y) => y == 0 || (x == long.MinValue && y == -1) ? null : (x / y) - (x % y != 0 && (x < 0) != (y < 0) ? 1 : 0));
            if (known.IsConstant)
            {
                return known;
            }
        }

        // (a - floormod(a, b)) / b divides without remainder, so that the rounding direction does not matter.
        return draft.Div(draft.Sub(a, draft.FloorMod(a, b)), b);
    }

    public static Term Equal(this Draft draft, Term a, Term b) => draft.Compare("Equal", a, b, static (x, y) => x == y);

    public static Term Less(this Draft draft, Term a, Term b) => draft.Compare("Less", a, b, static (x, y) => x < y);

    public static Term LessOrEqual(this Draft draft, Term a, Term b) => draft.Compare("LessOrEqual", a, b, static (x, y) => x <= y);

    public static Term Greater(this Draft draft, Term a, Term b) => draft.Compare("Greater", a, b, static (x, y) => x > y);

    public static Term GreaterOrEqual(this Draft draft, Term a, Term b) => draft.Compare("GreaterOrEqual", a, b, static (x, y) => x >= y);

    public static Term And(this Draft draft, Term a, Term b) => draft.Compare("And", a, b, static (x, y) => (x & y) != 0);

    public static Term Or(this Draft draft, Term a, Term b) => draft.Compare("Or", a, b, static (x, y) => (x | y) != 0);

    public static Term Not(this Draft draft, Term a) => draft.Unary("Not", a, OnnxDataType.Bool, static x => x == 0 ? 1 : 0);

    public static Term Neg(this Draft draft, Term a) => draft.Unary("Neg", a, a.Type, static x => unchecked(-x));

    public static Term Abs(this Draft draft, Term a) => draft.Unary("Abs", a, a.Type, static x => x < 0 ? unchecked(-x) : x);

    /// <summary>An elementwise operator of one input.</summary>
    public static Term Unary(this Draft draft, string operation, Term a, params NodeAttribute[] attributes) =>
        draft.Elementwise([a], moved => draft.Node(operation, moved, a.Type, moved[0].Shape, attributes));

    /// <summary>An elementwise operator of one input whose result is of another type.</summary>
    public static Term Unary(this Draft draft, string operation, Term a, OnnxDataType type, Func<long, long?>? known = null, params NodeAttribute[] attributes) =>
        draft.Known(
            () => draft.Elementwise([a], moved => draft.Node(operation, moved, type, moved[0].Shape, attributes)),
            type,
            a.Shape,
            known is null ? null : a.Elements?.Select(element => element is { } value && known(value) is { } result ? OnnxTypes.Wrap(result, type) : (long?)null).ToArray());

    /// <summary>An elementwise operator of two inputs of one type.</summary>
    public static Term Binary(this Draft draft, string operation, Term a, Term b, Func<long, long, long?>? known = null) =>
        draft.Combine(operation, a, b, a.Type, known);

    /// <summary>The values as another type; the term itself when it has that type.</summary>
    /// <param name="isLossless">Whether the numbers are sure to fit, as sizes are.</param>
    public static Term Cast(this Draft draft, Term a, OnnxDataType type, bool isLossless = false)
    {
        if (a.Type == type)
        {
            return a;
        }

        // What was narrowed and is widened again is what it was.
        if (a.Producer is { Operation: "Cast", IsLossless: true } step && step.Inputs[0] is { } source && source.Type == type)
        {
            return source.Elements is null && a.Elements is not null ? draft.Known(() => source, type, a.Shape, a.Elements) : source;
        }

        if (a.Constant is { } constant && type.IsFloating() && constant.Count <= Term.MaxElements && constant.ToDoubles() is { } numbers && a.Type != OnnxDataType.String)
        {
            return draft.Constant(ConstantNumbers.ToTensor(numbers, type, constant.Shape));
        }

        bool followed = type.IsInteger() || type == OnnxDataType.Bool;
        return draft.Known(
            () => draft.Elementwise([a], moved => draft.CastNode(moved[0], type, isLossless)),
            type,
            a.Shape,
            followed ? a.Elements?.Select(element => element is { } value ? OnnxTypes.Wrap(value, type) : (long?)null).ToArray() : null);
    }

    /// <summary>Sizes and positions as 64-bit integers, the way ONNX wants them.</summary>
    public static Term Long(this Draft draft, Term a) => draft.Cast(a, OnnxDataType.Int64, isLossless: true);

    /// <summary><paramref name="a"/> where the condition holds, else <paramref name="b"/>.</summary>
    public static Term Where(this Draft draft, Term condition, Term a, Term b)
    {
        if (condition.KnownIntegers is [{ } only] && condition.Shape.Rank == 0)
        {
            PartialShape joined = ShapeRules.Broadcast(a.Shape, b.Shape);
            Term chosen = only != 0 ? a : b;
            if (joined.IsStatic && chosen.Shape == joined)
            {
                return chosen;
            }
        }

        // The engine chooses among numbers and text; among truth values logic does.
        if (a.Type == OnnxDataType.Bool)
        {
            return draft.Or(draft.And(condition, a), draft.And(draft.Not(condition), b));
        }

        return draft.Elementwise([condition, a, b], moved => draft.Node(
            "Where", moved, a.Type, ShapeRules.Broadcast(moved[0].Shape, ShapeRules.Broadcast(moved[1].Shape, moved[2].Shape))));
    }

    /// <summary>Values bounded below, above or both by single numbers.</summary>
    public static Term Clip(this Draft draft, Term a, Term? least, Term? most) =>
        draft.Elementwise([a], moved => draft.Node("Clip", [moved[0], least, most], a.Type, moved[0].Shape));

    private static Term Compare(this Draft draft, string operation, Term a, Term b, Func<long, long, bool> known) =>
        draft.Combine(operation, a, b, OnnxDataType.Bool, (x, y) => known(x, y) ? 1 : 0);

    private static Term Combine(this Draft draft, string operation, Term a, Term b, OnnxDataType type, Func<long, long, long?>? known)
    {
        PartialShape shape = ShapeRules.Broadcast(a.Shape, b.Shape);
        return draft.Known(
            () => draft.Elementwise([a, b], moved => draft.Node(operation, moved, type, ShapeRules.Broadcast(moved[0].Shape, moved[1].Shape))),
            type,
            shape,
            known is null ? null : Elements(a, b, shape, type, known));
    }

    // Same shapes, or one of them a single number: what arithmetic on sizes is made of.
    private static long?[]? Elements(Term a, Term b, PartialShape shape, OnnxDataType type, Func<long, long, long?> known)
    {
        if (a.Elements is not { } left || b.Elements is not { } right || !shape.IsStatic)
        {
            return null;
        }

        long count = shape.ElementCount();
        if ((left.Length != count && left.Length != 1) || (right.Length != count && right.Length != 1))
        {
            return null;
        }

        long?[] result = new long?[count];
        for (int i = 0; i < result.Length; i++)
        {
            long? x = left[left.Length == 1 ? 0 : i];
            long? y = right[right.Length == 1 ? 0 : i];
            result[i] = x is { } first && y is { } second && known(first, second) is { } value ? OnnxTypes.Wrap(value, type) : null;
        }

        return result;
    }
}
