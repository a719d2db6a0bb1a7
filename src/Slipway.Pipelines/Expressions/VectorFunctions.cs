namespace Slipway.Pipelines.Expressions;

/// <summary>Functions of a row's whole vector.</summary>
internal static class VectorFunctions
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["length", "sum", "mean", "min", "max", "argmax", "any", "all"];

    /// <summary>A call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="vector">Its argument.</param>
    /// <param name="slot">A slot for the index.</param>
    public static Compiled Make(CallSyntax call, Variable vector, int slot)
    {
        if (call.Function == "length")
        {
            return vector.Kind == ValueKind.Unknown ? new Compiled(ValueKind.Integer, null) : Compiled.Of(new WidthNode(vector));
        }

        if (vector.Kind == ValueKind.Unknown)
        {
            return new Compiled(call.Function switch { "mean" => ValueKind.Number, "argmax" => ValueKind.Integer, "any" or "all" => ValueKind.Truth, _ => ValueKind.Unknown }, null);
        }

        long cost = 1 + (2 * Math.Max(1, vector.Width));
        Node element = VariableNodes.Read(vector, new SlotNode<long>(slot));
        return (call.Function, element) switch
        {
            ("sum", Node<long> node) => Compiled.Of(Fold(vector, node, slot, cost, 0L, Arithmetic.Add)),
            ("sum", Node<double> node) => Compiled.Of(Fold(vector, node, slot, cost, 0.0, static (a, b) => a + b)),
            ("min", Node<long> node) => Compiled.Of(NotEmpty(vector, node, slot, cost, long.MaxValue, Math.Min)),
            ("min", Node<double> node) => Compiled.Of(NotEmpty(vector, node, slot, cost, double.PositiveInfinity, Math.Min)),
            ("max", Node<long> node) => Compiled.Of(NotEmpty(vector, node, slot, cost, long.MinValue, Math.Max)),
            ("max", Node<double> node) => Compiled.Of(NotEmpty(vector, node, slot, cost, double.NegativeInfinity, Math.Max)),
            ("mean", Node<long> node) => Compiled.Of(Mean(vector, new UnaryNode<long, double>(node, static value => value), slot, cost)),
            ("mean", Node<double> node) => Compiled.Of(Mean(vector, node, slot, cost)),
            ("argmax", Node<long> node) => Compiled.Of(Best(vector, node, slot, cost, static (a, b) => a > b)),
            ("argmax", Node<double> node) => Compiled.Of(Best(vector, node, slot, cost, static (a, b) => a > b || (double.IsNaN(b) && !double.IsNaN(a)))),
            ("any", Node<bool> node) => Compiled.Of(Fold(vector, node, slot, cost, false, static (a, b) => a || b)),
            ("all", Node<bool> node) => Compiled.Of(Fold(vector, node, slot, cost, true, static (a, b) => a && b)),
            _ => throw ExpressionFailure.At(call.At, $"'{call.Function}' does not take a vector of {vector.DataType}"),
        };
    }

    private static VectorNode<T, T, T> Fold<T>(Variable vector, Node<T> node, int slot, long cost, T seed, Func<T, T, T> add) =>
        new(vector, node, slot, seed, (state, value, _) => add(state, value), static (state, _) => state) { Cost = cost };

    private static VectorNode<T, T, T> NotEmpty<T>(Variable vector, Node<T> node, int slot, long cost, T seed, Func<T, T, T> add) =>
        new(vector, node, slot, seed, (state, value, _) => add(state, value), static (state, count) => count > 0 ? state : throw Empty()) { Cost = cost };

    private static VectorNode<double, double, double> Mean(Variable vector, Node<double> node, int slot, long cost) =>
        new(vector, node, slot, 0.0, static (state, value, _) => state + value, static (state, count) => state / count) { Cost = cost };

    // The first of equal ones; a missing number is the best of none.
    private static VectorNode<T, (T Value, long Place), long> Best<T>(Variable vector, Node<T> node, int slot, long cost, Func<T, T, bool> isBetter) =>
        new(vector, node, slot, (default!, -1), (state, value, place) => state.Place < 0 || isBetter(value, state.Value) ? (value, place) : state, static (state, _) => PlaceOf(state)) { Cost = cost };

    private static long PlaceOf<T>((T Value, long Place) best) => best.Place >= 0 ? best.Place : throw Empty();

    private static Slipway.Core.SlipwayException Empty() => ExpressionFailure.InRow("a vector has no elements");
}
