using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Values;
using static Slipway.Pmml.Functions.FunctionArguments;

namespace Slipway.Pmml.Functions;

/// <summary>Functions of days and times.</summary>
internal static class DateFunctions
{
    private static readonly PmmlType Moment = new(PmmlKind.DateTime);

    public static IEnumerable<BuiltInFunction> All =>
    [
        new("dateDaysSinceYear", 2, 2, static arguments => Since(arguments, static (seconds, year) => Math.Floor(seconds / Calendar.SecondsPerDay) - Calendar.DaysTo(year))),
        new("dateSecondsSinceYear", 2, 2, static arguments => Since(arguments, static (seconds, year) => Math.Floor(seconds - (Calendar.DaysTo(year) * Calendar.SecondsPerDay)))),
        new("dateSecondsSinceMidnight", 1, 1, static arguments =>
        {
            Expression x = AsMoment(arguments[0]);
            return new DelegateExpression(PmmlType.Integer, frame =>
                x.Evaluate(frame) is var value && Cell.IsMissing(value) ? value : Math.Floor(value - (Math.Floor(value / Calendar.SecondsPerDay) * Calendar.SecondsPerDay)));
        }),
        new("formatDatetime", 2, 2, static arguments =>
        {
            (Expression x, Expression format) = (AsMoment(arguments[0]), Text(arguments[1]));
            return new DelegateExpression(PmmlType.String, frame =>
            {
                (double value, double form) = (x.Evaluate(frame), format.Evaluate(frame));
                return Cell.IsMissing(value) || Cell.IsMissing(form)
                    ? Cell.Missing
                    : frame.Symbols.Code(PrintFormat.Moment(Calendar.FromSeconds(value), frame.Symbols.Text(form)));
            });
        }),
    ];

    // A time of day is one of the first day.
    private static Expression AsMoment(Expression argument) => argument.Type.Kind is PmmlKind.Time or PmmlKind.DateTime ? argument : argument.To(Moment);

    private static DelegateExpression Since(Expression[] arguments, Func<double, int, double> count)
    {
        (Expression x, Expression from) = (AsMoment(arguments[0]), Number(arguments[1]));
        return new DelegateExpression(PmmlType.Integer, frame =>
        {
            (double value, double year) = (x.Evaluate(frame), from.Evaluate(frame));
            if (Cell.IsMissing(value) || Cell.IsMissing(year))
            {
                return Cell.Missing;
            }

            return year is >= 0 and <= 9999 ? count(value, (int)year) : throw new EvaluationException("a year must be between 0 and 9999");
        });
    }
}
