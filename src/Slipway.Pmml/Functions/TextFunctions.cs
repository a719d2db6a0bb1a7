using System.Text;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Values;
using static Slipway.Pmml.Functions.FunctionArguments;

namespace Slipway.Pmml.Functions;

/// <summary>Functions of text.</summary>
internal static class TextFunctions
{
    private const int LongestText = 1 << 20;

    public static IEnumerable<BuiltInFunction> All =>
    [
        Map("uppercase", static text => text.ToUpperInvariant()),
        Map("lowercase", static text => text.ToLowerInvariant()),
        Map("trimBlanks", static text => text.Trim()),
        new("stringLength", 1, 1, static arguments => Text(arguments[0]) is var x
            ? new DelegateExpression(PmmlType.Integer, frame => x.Evaluate(frame) is var value && Cell.IsMissing(value) ? value : frame.Symbols.Text(value).Length) : null!),
        new("substring", 3, 3, Substring),
        new("concat", 2, int.MaxValue, Concat),
        new("replace", 3, 3, Replace),
        new("matches", 2, 2, Matches),
        new("formatNumber", 2, 2, FormatNumber),
    ];

    private static BuiltInFunction Map(string name, Func<string, string> map) => new(name, 1, 1, arguments =>
    {
        Expression x = Text(arguments[0]);
        return new DelegateExpression(PmmlType.String, frame =>
            x.Evaluate(frame) is var value && Cell.IsMissing(value) ? value : frame.Symbols.Code(map(frame.Symbols.Text(value))));
    });

    private static DelegateExpression Substring(Expression[] arguments)
    {
        (Expression x, Expression from, Expression count) = (Text(arguments[0]), Number(arguments[1]), Number(arguments[2]));
        return new DelegateExpression(PmmlType.String, frame =>
        {
            (double value, double start, double length) = (x.Evaluate(frame), from.Evaluate(frame), count.Evaluate(frame));
            if (Cell.IsMissing(value) || Cell.IsMissing(start) || Cell.IsMissing(length))
            {
                return Cell.Missing;
            }

            if (!(start >= 1) || !(length >= 0))
            {
                throw new EvaluationException("substring: the start must be 1 or more and the length not negative");
            }

            string text = frame.Symbols.Text(value);
            int first = (int)Math.Min(start - 1, text.Length);
            return frame.Symbols.Code(text.Substring(first, (int)Math.Min(length, text.Length - first)));
        });
    }

    private static DelegateExpression Concat(Expression[] arguments)
    {
        Expression[] parts = [.. arguments.Select(Text)];
        return new DelegateExpression(PmmlType.String, frame =>
        {
            StringBuilder text = new();
            bool hasAny = false;
            foreach (Expression part in parts)
            {
                double value = part.Evaluate(frame);
                if (!Cell.IsMissing(value))
                {
                    hasAny = true;
                    text.Append(frame.Symbols.Text(value));
                }
            }

            if (text.Length > LongestText)
            {
                throw new EvaluationException("concat: the text is longer than a million characters");
            }

            return hasAny ? frame.Symbols.Code(text.ToString()) : Cell.Missing;
        });
    }

    private static DelegateExpression Replace(Expression[] arguments)
    {
        (Expression x, PatternSource pattern, Expression with) = (Text(arguments[0]), new PatternSource(Text(arguments[1])), Text(arguments[2]));
        return new DelegateExpression(PmmlType.String, frame =>
        {
            (double value, double replacement) = (x.Evaluate(frame), with.Evaluate(frame));
            if (Cell.IsMissing(value) || Cell.IsMissing(replacement) || pattern.Get(frame) is not { } regex)
            {
                return Cell.Missing;
            }

            string template = PatternSource.Replacement(frame.Symbols.Text(replacement));
            string text = PatternSource.Guard(() => regex.Replace(frame.Symbols.Text(value), template));
            return text.Length <= LongestText ? frame.Symbols.Code(text) : throw new EvaluationException("replace: the text is longer than a million characters");
        });
    }

    private static DelegateExpression Matches(Expression[] arguments)
    {
        (Expression x, PatternSource pattern) = (Text(arguments[0]), new PatternSource(Text(arguments[1])));
        return new DelegateExpression(PmmlType.Boolean, frame =>
        {
            double value = x.Evaluate(frame);
            return Cell.IsMissing(value) || pattern.Get(frame) is not { } regex
                ? Cell.Missing
                : Cell.Of(PatternSource.Guard(() => regex.IsMatch(frame.Symbols.Text(value))));
        });
    }

    private static DelegateExpression FormatNumber(Expression[] arguments)
    {
        (Expression x, Expression pattern) = (Number(arguments[0]), Text(arguments[1]));
        return new DelegateExpression(PmmlType.String, frame =>
        {
            (double value, double form) = (x.Evaluate(frame), pattern.Evaluate(frame));
            return Cell.IsMissing(value) || Cell.IsMissing(form)
                ? Cell.Missing
                : frame.Symbols.Code(PrintFormat.Number(value, frame.Symbols.Text(form)));
        });
    }
}
