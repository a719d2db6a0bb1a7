using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Values;
using static Slipway.Pmml.Functions.FunctionArguments;

namespace Slipway.Pmml.Functions;

/// <summary>Functions of any number of numbers; missing ones are passed over.</summary>
internal static class AggregateFunctions
{
    public static IEnumerable<BuiltInFunction> All =>
    [
        Make("min", null, static values => Least(values)),
        Make("max", null, static values => Greatest(values)),
        Make("sum", null, static values => Sum(values)),
        Make("product", null, static values => Product(values)),
        Make("avg", PmmlType.Double, static values => Sum(values) / values.Length),
        Make("median", PmmlType.Double, Median),
    ];

    private delegate double Aggregate(Span<double> values);

    private static BuiltInFunction Make(string name, PmmlType? result, Aggregate aggregate) => new(name, 1, int.MaxValue, arguments =>
    {
        Expression[] numbers = [.. arguments.Select(Number)];
        PmmlType type = result ?? numbers.Select(NumberType).Aggregate(PmmlType.Promote);
        return new DelegateExpression(type, frame =>
        {
            Span<double> values = numbers.Length <= 64 ? stackalloc double[numbers.Length] : new double[numbers.Length];
            int count = 0;
            foreach (Expression number in numbers)
            {
                double value = number.Evaluate(frame);
                if (!Cell.IsMissing(value))
                {
                    values[count++] = value;
                }
            }

            return count == 0 ? Cell.Missing : Rounded(aggregate(values[..count]), type);
        });
    });

    private static double Least(Span<double> values)
    {
        double least = values[0];
        foreach (double value in values)
        {
            least = Math.Min(least, value);
        }

        return least;
    }

    private static double Greatest(Span<double> values)
    {
        double greatest = values[0];
        foreach (double value in values)
        {
            greatest = Math.Max(greatest, value);
        }

        return greatest;
    }

    private static double Sum(Span<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return sum;
    }

    private static double Product(Span<double> values)
    {
        double product = 1;
        foreach (double value in values)
        {
            product *= value;
        }

        return product;
    }

    private static double Median(Span<double> values)
    {
        values.Sort();
        int middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
