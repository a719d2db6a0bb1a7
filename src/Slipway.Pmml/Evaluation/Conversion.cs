using Slipway.Pmml.Values;

namespace Slipway.Pmml.Evaluation;

/// <summary>Turns values of one type into values of another.</summary>
internal static class Conversion
{
    /// <summary>The expression as a value of <paramref name="target"/>; the same one where cells mean the same.</summary>
    public static Expression To(this Expression source, PmmlType target)
    {
        if (source.Type == target || (source.Type.IsNumber && target.Kind == PmmlKind.Double))
        {
            return source.Type == target ? source : new Retyped(source, target);
        }

        return target.Kind switch
        {
            PmmlKind.Float when source.Type.IsNumber => new DelegateExpression(target, frame => Narrow(source.Evaluate(frame))),
            PmmlKind.Integer when source.Type.IsNumber => new DelegateExpression(target, frame => Whole(source.Evaluate(frame))),
            _ => new ThroughText(source, target),
        };
    }

    private static double Narrow(double value) => Cell.IsMissing(value) ? value : (float)value;

    // As a cast does: towards zero.
    private static double Whole(double value) => Cell.IsMissing(value) ? value : Math.Truncate(value);

    private sealed class Retyped(Expression source, PmmlType type) : Expression(type)
    {
        public override double Evaluate(Frame frame) => source.Evaluate(frame);
    }

    private sealed class ThroughText(Expression source, PmmlType type) : Expression(type)
    {
        public override double Evaluate(Frame frame)
        {
            double value = source.Evaluate(frame);
            return Cell.IsMissing(value) ? value : Convert(value, source.Type, Type, frame);
        }
    }

    /// <summary>A value of one type as a value of another.</summary>
    /// <exception cref="EvaluationException">It has none there.</exception>
    public static double Convert(double value, PmmlType from, PmmlType to, Frame frame)
    {
        switch (from.Kind, to.Kind)
        {
            case (PmmlKind.Boolean, PmmlKind.Integer or PmmlKind.Float or PmmlKind.Double):
                return value;
            case (PmmlKind.Integer or PmmlKind.Float or PmmlKind.Double, PmmlKind.Boolean) when value is 0 or 1:
                return value;
            case (PmmlKind.Date, PmmlKind.DaysSince):
                return value - Calendar.DaysTo(to.Year);
            case (PmmlKind.Date, PmmlKind.DateTime):
                return value * Calendar.SecondsPerDay;
            case (PmmlKind.Date, PmmlKind.SecondsSince):
                return (value - Calendar.DaysTo(to.Year)) * Calendar.SecondsPerDay;
            case (PmmlKind.DateTime, PmmlKind.Date):
                return Math.Floor(value / Calendar.SecondsPerDay);
            case (PmmlKind.DateTime, PmmlKind.DaysSince):
                return Math.Floor(value / Calendar.SecondsPerDay) - Calendar.DaysTo(to.Year);
            case (PmmlKind.DateTime, PmmlKind.SecondsSince):
                return value - (Calendar.DaysTo(to.Year) * Calendar.SecondsPerDay);
            case (PmmlKind.DateTime, PmmlKind.Time or PmmlKind.TimeSeconds):
                return value - (Math.Floor(value / Calendar.SecondsPerDay) * Calendar.SecondsPerDay);
            case (PmmlKind.Time, PmmlKind.TimeSeconds):
            case (PmmlKind.DaysSince or PmmlKind.SecondsSince or PmmlKind.TimeSeconds, PmmlKind.Integer or PmmlKind.Float or PmmlKind.Double):
            case (PmmlKind.Integer or PmmlKind.Float or PmmlKind.Double, PmmlKind.DaysSince or PmmlKind.SecondsSince or PmmlKind.TimeSeconds):
                return value;
        }

        string text = CellText.Format(value, from, frame.Symbols.Text);
        return CellText.TryParse(text, to, frame.Symbols.Code, out double cell)
            ? cell
            : throw new EvaluationException($"a {from} value is no {to}");
    }
}
