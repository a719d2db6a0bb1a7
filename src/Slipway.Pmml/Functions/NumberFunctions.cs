using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Values;
using static Slipway.Pmml.Functions.FunctionArguments;

namespace Slipway.Pmml.Functions;

/// <summary>Arithmetic, elementary and trigonometric functions.</summary>
internal static class NumberFunctions
{
    public static IEnumerable<BuiltInFunction> All =>
    [
        Binary("+", static (x, y) => x + y),
        Sign("-", static (x, y) => x - y),
        Binary("*", static (x, y) => x * y),
        new("/", 2, 2, static arguments => Promote(arguments) is { Kind: PmmlKind.Integer }
            ? Whole(arguments, static (x, y) => y == 0 ? throw new EvaluationException("division of a whole number by zero") : Math.Truncate(x / y))
            : Join(arguments, static (x, y) => x / y)),
        Binary("modulo", static (x, y) => y == 0 ? double.NaN : x - (Math.Floor(x / y) * y)),
        new("pow", 2, 2, static arguments => Promote(arguments) is { Kind: PmmlKind.Integer }
            ? Whole(arguments, static (x, y) => y < 0 ? throw new EvaluationException("a whole number to a negative power") : Math.Pow(x, y))
            : Join(arguments, Math.Pow)),
        Binary("threshold", static (x, y) => x > y ? 1 : 0),
        Real("log10", Math.Log10),
        Real("ln", Math.Log),
        Real("ln1p", SpecialFunctions.LogOnePlus),
        Real("exp", Math.Exp),
        Real("expm1", SpecialFunctions.ExpMinusOne),
        Real("sqrt", Math.Sqrt),
        new("abs", 1, 1, static arguments => Same(arguments[0], Math.Abs)),
        ToInteger("floor", Math.Floor),
        ToInteger("ceil", Math.Ceiling),
        ToInteger("round", static x => Math.Floor(x + 0.5)),
        Real("rint", static x => Math.Round(x, MidpointRounding.ToEven)),
        Real("sin", Math.Sin), Real("cos", Math.Cos), Real("tan", Math.Tan),
        Real("asin", Math.Asin), Real("acos", Math.Acos), Real("atan", Math.Atan),
        Real("sinh", Math.Sinh), Real("cosh", Math.Cosh), Real("tanh", Math.Tanh),
        Binary("atan2", Math.Atan2), Binary("hypot", static (x, y) => Math.Sqrt((x * x) + (y * y))),
        Real("erf", SpecialFunctions.Erf),
        Real("stdNormalCDF", SpecialFunctions.NormalCdf),
        Real("stdNormalPDF", static x => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI)),
        Real("stdNormalIDF", SpecialFunctions.NormalQuantile),
        Normal("normalCDF", static (x, mean, deviation) => SpecialFunctions.NormalCdf((x - mean) / deviation)),
        Normal("normalPDF", static (x, mean, deviation) => Math.Exp(-((x - mean) * (x - mean)) / (2 * deviation * deviation)) / (deviation * Math.Sqrt(2 * Math.PI))),
        Normal("normalIDF", static (p, mean, deviation) => mean + (deviation * SpecialFunctions.NormalQuantile(p))),
    ];

    private static BuiltInFunction Binary(string name, Func<double, double, double> function) => new(name, 2, 2, arguments => Join(arguments, function));

    // A single argument is negated, as producers write it.
    private static BuiltInFunction Sign(string name, Func<double, double, double> function) => new(name, 1, 2, arguments => arguments.Length == 1
        ? Same(arguments[0], static x => -x)
        : Join(arguments, function));

    private static BuiltInFunction Real(string name, Func<double, double> function) => new(name, 1, 1, arguments =>
    {
        Expression x = Number(arguments[0]);
        return new DelegateExpression(PmmlType.Double, frame => x.Evaluate(frame) is var value && Cell.IsMissing(value) ? value : function(value));
    });

    private static BuiltInFunction ToInteger(string name, Func<double, double> function) => new(name, 1, 1, arguments =>
    {
        Expression x = Number(arguments[0]);
        return new DelegateExpression(PmmlType.Integer, frame => x.Evaluate(frame) is var value && Cell.IsMissing(value) ? value : function(value));
    });

    private static BuiltInFunction Normal(string name, Func<double, double, double, double> function) => new(name, 3, 3, arguments =>
    {
        (Expression x, Expression mean, Expression deviation) = (Number(arguments[0]), Number(arguments[1]), Number(arguments[2]));
        return new DelegateExpression(PmmlType.Double, frame =>
        {
            (double a, double b, double c) = (x.Evaluate(frame), mean.Evaluate(frame), deviation.Evaluate(frame));
            return Cell.IsMissing(a) || Cell.IsMissing(b) || Cell.IsMissing(c) ? Cell.Missing : function(a, b, c);
        });
    });

    private static DelegateExpression Same(Expression argument, Func<double, double> function)
    {
        Expression x = Number(argument);
        return new DelegateExpression(NumberType(argument), frame => x.Evaluate(frame) is var value && Cell.IsMissing(value) ? value : function(value));
    }

    private static DelegateExpression Join(Expression[] arguments, Func<double, double, double> function)
    {
        PmmlType type = Promote(arguments);
        return type.Kind == PmmlKind.Float ? Whole(arguments, (x, y) => (float)function(x, y)) : Whole(arguments, function);
    }

    private static DelegateExpression Whole(Expression[] arguments, Func<double, double, double> function)
    {
        (Expression x, Expression y) = (Number(arguments[0]), Number(arguments[1]));
        return new DelegateExpression(Promote(arguments), frame =>
        {
            double left = x.Evaluate(frame);
            double right = y.Evaluate(frame);
            return Cell.IsMissing(left) || Cell.IsMissing(right) ? Cell.Missing : function(left, right);
        });
    }

    // The wider of two number types, as a float with an integer stays a float.
    private static PmmlType Promote(Expression[] arguments) => PmmlType.Promote(NumberType(Number(arguments[0])), NumberType(Number(arguments[1])));
}
