using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Functions;

/// <summary>Brings arguments to the types that functions work on.</summary>
internal static class FunctionArguments
{
    /// <summary>An argument as a number.</summary>
    public static Expression Number(Expression argument) => argument.Type.Kind switch
    {
        PmmlKind.Integer or PmmlKind.Float or PmmlKind.Double or PmmlKind.DaysSince or PmmlKind.SecondsSince or PmmlKind.TimeSeconds => argument,
        PmmlKind.String => argument.To(PmmlType.Double),
        _ => throw new ArgumentException($"a {argument.Type} where a number is expected"),
    };

    /// <summary>The type of a sum of arguments.</summary>
    public static PmmlType NumberType(Expression argument) => argument.Type.IsNumber ? argument.Type : argument.Type.IsText ? PmmlType.Double : PmmlType.Integer;

    /// <summary>An argument as text.</summary>
    public static Expression Text(Expression argument) => argument.To(PmmlType.String);

    /// <summary>An argument as a truth value.</summary>
    public static Expression Truth(Expression argument) => argument.To(PmmlType.Boolean);

    /// <summary>Two or more arguments of types that compare: all numbers, all texts, or all of the same type.</summary>
    public static Expression[] Comparable(Expression[] arguments)
    {
        PmmlType first = arguments[0].Type;
        if (Array.TrueForAll(arguments, argument => argument.Type == first)
            || Array.TrueForAll(arguments, static argument => argument.Type.IsNumber || argument.Type.Kind is PmmlKind.Boolean))
        {
            return arguments;
        }

        // A literal takes the type of the field that it is compared with.
        Expression? leading = Array.Find(arguments, static argument => argument is not ConstantExpression);
        PmmlType target = (leading ?? arguments[0]).Type;
        return [.. arguments.Select(argument => argument.Type.IsNumber && target.IsNumber ? argument : argument.To(target))];
    }

    /// <summary>The type that can hold the value of either.</summary>
    public static PmmlType Union(PmmlType left, PmmlType right)
    {
        if (left == right)
        {
            return left;
        }

        return left.IsNumber && right.IsNumber ? PmmlType.Promote(left, right) : PmmlType.String;
    }

    /// <summary>A result of a type: binary32 where it is one.</summary>
    public static double Rounded(double value, PmmlType type) => type.Kind == PmmlKind.Float ? (float)value : value;
}
