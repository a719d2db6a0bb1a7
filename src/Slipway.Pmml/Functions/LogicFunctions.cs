using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Values;
using static Slipway.Pmml.Functions.FunctionArguments;

namespace Slipway.Pmml.Functions;

/// <summary>Comparisons, logic, membership and the conditional.</summary>
internal static class LogicFunctions
{
    public static IEnumerable<BuiltInFunction> All =>
    [
        Compare("equal", static order => order == 0),
        Compare("notEqual", static order => order != 0),
        Compare("lessThan", static order => order < 0),
        Compare("lessOrEqual", static order => order <= 0),
        Compare("greaterThan", static order => order > 0),
        Compare("greaterOrEqual", static order => order >= 0),
        new("and", 2, int.MaxValue, static arguments => Fold(arguments, decisive: 0)),
        new("or", 2, int.MaxValue, static arguments => Fold(arguments, decisive: 1)),
        new("not", 1, 1, static arguments => Truth(arguments[0]) is var x
            ? new DelegateExpression(PmmlType.Boolean, frame => x.Evaluate(frame) is var value && Cell.IsMissing(value) ? value : 1 - value) : null!),
        new("isMissing", 1, 1, static arguments => Presence(arguments[0], whenMissing: true)),
        new("isNotMissing", 1, 1, static arguments => Presence(arguments[0], whenMissing: false)),
        new("isValid", 1, 1, static arguments => Presence(arguments[0], whenMissing: false)),

        // Missing is neither valid nor invalid; whether a field's value is invalid is known to the field alone, see the compiler of calls.
        new("isNotValid", 1, 1, static arguments => new ConstantExpression(0, PmmlType.Boolean)),
        new("isIn", 2, int.MaxValue, static arguments => Membership(arguments, whenFound: true)),
        new("isNotIn", 2, int.MaxValue, static arguments => Membership(arguments, whenFound: false)),
        new("if", 2, 3, If),
    ];

    private static BuiltInFunction Compare(string name, Func<int, bool> holds) => new(name, 2, 2, arguments =>
    {
        bool isEquality = name is "equal" or "notEqual";
        arguments = Comparable(arguments);
        (Expression x, Expression y) = (arguments[0], arguments[1]);
        bool isText = x.Type.IsText;
        return new DelegateExpression(PmmlType.Boolean, frame =>
        {
            double left = x.Evaluate(frame);
            double right = y.Evaluate(frame);
            if (Cell.IsMissing(left) || Cell.IsMissing(right))
            {
                return Cell.Missing;
            }

            if (isText && !isEquality)
            {
                return Cell.Of(holds(string.CompareOrdinal(frame.Symbols.Text(left), frame.Symbols.Text(right))));
            }

            return Cell.Of(double.IsNaN(left) || double.IsNaN(right) ? name == "notEqual" : holds(left.CompareTo(right)));
        });
    });

    // Three-valued: one decisive argument decides whatever else is missing.
    private static DelegateExpression Fold(Expression[] arguments, double decisive)
    {
        Expression[] terms = [.. arguments.Select(Truth)];
        return new DelegateExpression(PmmlType.Boolean, frame =>
        {
            bool isMissing = false;
            foreach (Expression term in terms)
            {
                double value = term.Evaluate(frame);
                if (value == decisive)
                {
                    return decisive;
                }

                isMissing |= Cell.IsMissing(value);
            }

            return isMissing ? Cell.Missing : 1 - decisive;
        });
    }

    private static DelegateExpression Presence(Expression argument, bool whenMissing) =>
        new(PmmlType.Boolean, frame => Cell.Of(Cell.IsMissing(argument.Evaluate(frame)) == whenMissing));

    private static DelegateExpression Membership(Expression[] arguments, bool whenFound)
    {
        arguments = Comparable(arguments);
        return new DelegateExpression(PmmlType.Boolean, frame =>
        {
            double value = arguments[0].Evaluate(frame);
            for (int i = 1; i < arguments.Length; i++)
            {
                double candidate = arguments[i].Evaluate(frame);
                if (Cell.IsMissing(value) ? Cell.IsMissing(candidate) : value == candidate)
                {
                    return Cell.Of(whenFound);
                }
            }

            return Cell.Of(!whenFound);
        });
    }

    private static DelegateExpression If(Expression[] arguments)
    {
        Expression condition = Truth(arguments[0]);
        PmmlType type = arguments.Length == 3 ? Union(arguments[1].Type, arguments[2].Type) : arguments[1].Type;
        Expression then = arguments[1].To(type);
        Expression otherwise = arguments.Length == 3 ? arguments[2].To(type) : new ConstantExpression(Cell.Missing, type);
        return new DelegateExpression(type, frame =>
        {
            double holds = condition.Evaluate(frame);
            return Cell.IsMissing(holds) ? Cell.Missing : holds != 0 ? then.Evaluate(frame) : otherwise.Evaluate(frame);
        });
    }
}
