namespace Slipway.Pipelines.Expressions;

/// <summary>Makes the nodes of folds over ranges.</summary>
internal static class FoldNodes
{
    private const long MaxRange = 10_000;
    private const long MaxBound = 1L << 40;

    /// <summary>A fold; without a node while a bound or the body is not known.</summary>
    public static Compiled Make(FoldSyntax fold, int slot, long? from, long? to, Compiled body)
    {
        if (from is < -MaxBound or > MaxBound || to is < -MaxBound or > MaxBound || to - from > MaxRange)
        {
            throw ExpressionFailure.At(fold.At, $"unbounded: a range has at most {MaxRange} numbers, and this one goes from {from} to {to}");
        }

        bool isEmpty = to <= from;
        switch (fold.Function)
        {
            case "any" or "all" or "count":
                Conditional.RequireTruth(fold.At, fold.Function, body);
                break;
            default:
                Operators.RequireNumber(fold.At, fold.Function, body);
                break;
        }

        if (isEmpty && fold.Function is ("min" or "max" or "mean"))
        {
            throw ExpressionFailure.At(fold.At, $"'{fold.Function}' of an empty range is nothing");
        }

        if (from is not { } first || to is not { } end || body.Node is null)
        {
            return new Compiled(KindOf(fold.Function, body.Kind), null);
        }

        long cost = Math.Max(0, end - first) * (body.Cost + 1);
        return (fold.Function, body.Node) switch
        {
            ("any", Node<bool> node) => Compiled.Of(new FoldNode<bool, bool>(slot, first, end, node, false, static (a, b) => a || b) { Cost = cost }),
            ("all", Node<bool> node) => Compiled.Of(new FoldNode<bool, bool>(slot, first, end, node, true, static (a, b) => a && b) { Cost = cost }),
            ("count", Node<bool> node) => Compiled.Of(new FoldNode<bool, long>(slot, first, end, node, 0, static (a, b) => b ? a + 1 : a) { Cost = cost }),
            ("sum", Node<long> node) => Compiled.Of(new FoldNode<long, long>(slot, first, end, node, 0, Arithmetic.Add) { Cost = cost }),
            ("min", Node<long> node) => Compiled.Of(new FoldNode<long, long>(slot, first, end, node, long.MaxValue, Math.Min) { Cost = cost }),
            ("max", Node<long> node) => Compiled.Of(new FoldNode<long, long>(slot, first, end, node, long.MinValue, Math.Max) { Cost = cost }),
            ("sum", Node<double> node) => Compiled.Of(new FoldNode<double, double>(slot, first, end, node, 0, static (a, b) => a + b) { Cost = cost }),
            ("min", Node<double> node) => Compiled.Of(new FoldNode<double, double>(slot, first, end, node, double.PositiveInfinity, Math.Min) { Cost = cost }),
            ("max", Node<double> node) => Compiled.Of(new FoldNode<double, double>(slot, first, end, node, double.NegativeInfinity, Math.Max) { Cost = cost }),
            _ => Mean(slot, first, end, body, cost),
        };
    }

    private static Compiled Mean(int slot, long from, long to, Compiled body, long cost)
    {
        FoldNode<double, double> sum = new(slot, from, to, body.As<double>()!, 0, static (a, b) => a + b) { Cost = cost };
        double count = to - from;
        return Compiled.Of(new UnaryNode<double, double>(sum, value => value / count) { Cost = cost + 1 });
    }

    private static ValueKind KindOf(string function, ValueKind body) => function switch
    {
        "any" or "all" => ValueKind.Truth,
        "count" => ValueKind.Integer,
        "mean" => ValueKind.Number,
        _ => body,
    };
}
