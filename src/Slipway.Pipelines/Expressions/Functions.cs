namespace Slipway.Pipelines.Expressions;

/// <summary>The functions of the language. All are pure and take time in proportion to what they are given.</summary>
internal static class Functions
{
    private delegate Compiled Function(Place at, string name, IReadOnlyList<Compiled> arguments);

    private static readonly Dictionary<string, (int Least, int Most, Function Make)> All = new(StringComparer.Ordinal)
    {
        ["abs"] = (1, 1, static (at, name, given) => Either(at, name, given[0], Arithmetic.Absolute, Math.Abs)),
        ["min"] = (2, 16, static (at, name, given) => Extreme(at, name, given, Math.Min, Math.Min)),
        ["max"] = (2, 16, static (at, name, given) => Extreme(at, name, given, Math.Max, Math.Max)),
        ["clamp"] = (3, 3, static (at, name, given) =>
            Extreme(at, name, [Extreme(at, name, [given[0], given[1]], Math.Max, Math.Max), given[2]], Math.Min, Math.Min)),
        ["exp"] = (1, 1, static (at, name, given) => OfNumber(at, name, given[0], Math.Exp)),
        ["log"] = (1, 1, static (at, name, given) => OfNumber(at, name, given[0], Math.Log)),
        ["log10"] = (1, 1, static (at, name, given) => OfNumber(at, name, given[0], Math.Log10)),
        ["sqrt"] = (1, 1, static (at, name, given) => OfNumber(at, name, given[0], Math.Sqrt)),
        ["floor"] = (1, 1, static (at, name, given) => OfNumber(at, name, given[0], Math.Floor)),
        ["ceil"] = (1, 1, static (at, name, given) => OfNumber(at, name, given[0], Math.Ceiling)),
        ["pow"] = (2, 2, Power),
        ["round"] = (1, 2, Round),
        ["int"] = (1, 1, static (at, name, given) => Compiled.Of(given[0].Kind switch
        {
            ValueKind.Integer => given[0].As<long>(),
            ValueKind.Number => Compiled.Map<double, long>(given[0], Arithmetic.ToInteger),
            ValueKind.Truth => Compiled.Map<bool, long>(given[0], static a => a ? 1 : 0),
            ValueKind.Unknown => null,
            _ => throw ExpressionFailure.At(at, "'int' takes numbers and truths; a text becomes a number with number(…)"),
        })),
        ["float"] = (1, 1, static (at, name, given) => OfNumber(at, name, given[0], static a => a)),
        ["number"] = (1, 1, static (at, name, given) => Compiled.Of(Text(at, name, given[0]) is { } ? Compiled.Map<string, double>(given[0], Arithmetic.ToNumber) : null)),
        ["text"] = (1, 1, static (at, name, given) => Compiled.Of(given[0].Kind switch
        {
            ValueKind.Text => given[0].As<string>(),
            ValueKind.Integer => Compiled.Map<long, string>(given[0], static a => a.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ValueKind.Number => Compiled.Map<double, string>(given[0], Arithmetic.ToText),
            ValueKind.Truth => Compiled.Map<bool, string>(given[0], static a => a ? "true" : "false"),
            _ => null,
        })),
        ["missing"] = (1, 1, static (at, name, given) => Compiled.Of(Missing(given[0]))),
        ["finite"] = (1, 1, Finite),
        ["coalesce"] = (2, 2, static (at, name, given) => Conditional.Make(at, new Compiled(ValueKind.Truth, Missing(given[0])), given[1], given[0])),
        ["lower"] = (1, 1, static (at, name, given) => Compiled.Of(Text(at, name, given[0]) is { } ? Compiled.Map<string, string>(given[0], static a => a.ToLowerInvariant()) : null)),
        ["upper"] = (1, 1, static (at, name, given) => Compiled.Of(Text(at, name, given[0]) is { } ? Compiled.Map<string, string>(given[0], static a => a.ToUpperInvariant()) : null)),
        ["trim"] = (1, 1, static (at, name, given) => Compiled.Of(Text(at, name, given[0]) is { } ? Compiled.Map<string, string>(given[0], static a => a.Trim()) : null)),
        ["length"] = (1, 1, static (at, name, given) => Compiled.Of(Text(at, name, given[0]) is { } ? Compiled.Map<string, long>(given[0], Arithmetic.Length) : null)),
        ["contains"] = (2, 2, static (at, name, given) => OfTexts(at, name, given, Arithmetic.Contains)),
        ["starts_with"] = (2, 2, static (at, name, given) => OfTexts(at, name, given, static (a, b) => a.StartsWith(b, StringComparison.Ordinal))),
        ["ends_with"] = (2, 2, static (at, name, given) => OfTexts(at, name, given, static (a, b) => a.EndsWith(b, StringComparison.Ordinal))),
    };

    /// <summary>Names of all functions.</summary>
    public static IEnumerable<string> Names => All.Keys.Order(StringComparer.Ordinal);

    /// <summary>A call.</summary>
    public static Compiled Make(Place at, string name, IReadOnlyList<Compiled> arguments)
    {
        if (!All.TryGetValue(name, out (int Least, int Most, Function Make) function))
        {
            throw ExpressionFailure.At(at, $"there is no function '{name}'; there are {string.Join(", ", Names)}, and over vectors argmax, mean, sum");
        }

        return arguments.Count >= function.Least && arguments.Count <= function.Most
            ? function.Make(at, name, arguments)
            : throw ExpressionFailure.At(at, $"'{name}' takes {function.Least}{(function.Most > function.Least ? $" to {function.Most}" : "")} arguments, not {arguments.Count}");
    }

    private static Compiled Power(Place at, string name, IReadOnlyList<Compiled> given)
    {
        Operators.RequireNumber(at, name, given[0]);
        Operators.RequireNumber(at, name, given[1]);
        return Compiled.Of(Compiled.Map<double, double, double>(given[0], given[1], Math.Pow));
    }

    private static Compiled Round(Place at, string name, IReadOnlyList<Compiled> given)
    {
        if (given.Count == 1)
        {
            return OfNumber(at, name, given[0], static a => Math.Round(a, MidpointRounding.ToEven));
        }

        Operators.RequireNumber(at, name, given[0]);
        Require(at, name, given[1], ValueKind.Integer);
        return Compiled.Of(Compiled.Map<double, long, double>(given[0], given[1], Arithmetic.Round));
    }

    private static Compiled Finite(Place at, string name, IReadOnlyList<Compiled> given)
    {
        Operators.RequireNumber(at, name, given[0]);
        return Compiled.Of(given[0].Kind == ValueKind.Unknown ? null : Compiled.Map<double, bool>(given[0], double.IsFinite));
    }

    private static Compiled Either(Place at, string name, Compiled value, Func<long, long> whole, Func<double, double> number)
    {
        Operators.RequireNumber(at, name, value);
        return value.Kind switch
        {
            ValueKind.Integer => Compiled.Of(Compiled.Map(value, whole)),
            ValueKind.Number => Compiled.Of(Compiled.Map(value, number)),
            _ => value,
        };
    }

    private static Compiled Extreme(Place at, string name, IReadOnlyList<Compiled> values, Func<long, long, long> whole, Func<double, double, double> number)
    {
        Compiled result = values[0];
        Operators.RequireNumber(at, name, result);
        foreach (Compiled value in values.Skip(1))
        {
            Operators.RequireNumber(at, name, value);
            result = Operators.Unify(at, result, value) switch
            {
                ValueKind.Integer => Compiled.Of(Compiled.Map(result, value, whole)),
                ValueKind.Number => Compiled.Of(Compiled.Map(result, value, number)),
                _ => new Compiled(ValueKind.Unknown, null),
            };
        }

        return result;
    }

    private static Compiled OfNumber(Place at, string name, Compiled value, Func<double, double> function)
    {
        Operators.RequireNumber(at, name, value);
        return Compiled.Of(value.Kind == ValueKind.Unknown ? null : Compiled.Map(value, function));
    }

    private static Compiled OfTexts(Place at, string name, IReadOnlyList<Compiled> given, Func<string, string, bool> function) =>
        Compiled.Of(Text(at, name, given[0]) is { } && Text(at, name, given[1]) is { } ? Compiled.Map(given[0], given[1], function) : null);

    private static Node<bool>? Missing(Compiled value) => value.Kind switch
    {
        ValueKind.Number => Compiled.Map<double, bool>(value, double.IsNaN),
        ValueKind.Text => Compiled.Map<string, bool>(value, static a => a.Length == 0),
        ValueKind.Integer => Compiled.Map<long, bool>(value, static _ => false),
        ValueKind.Truth => Compiled.Map<bool, bool>(value, static _ => false),
        _ => null,
    };

    private static Node? Text(Place at, string name, Compiled value)
    {
        Require(at, name, value, ValueKind.Text);
        return value.Kind == ValueKind.Unknown ? null : value.Node;
    }

    private static void Require(Place at, string name, Compiled value, ValueKind kind)
    {
        if (value.Kind != kind && value.Kind != ValueKind.Unknown)
        {
            throw ExpressionFailure.At(at, $"'{name}' takes {kind.Word()} here, not {value.Kind.Word()}");
        }
    }
}
