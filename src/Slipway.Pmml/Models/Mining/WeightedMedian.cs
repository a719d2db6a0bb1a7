namespace Slipway.Pmml.Models.Mining;

/// <summary>The value in the middle by weight.</summary>
internal static class WeightedMedian
{
    /// <summary>The median: where the middle lies between two values, their mean.</summary>
    public static double Of(Span<double> values, Span<double> weights, double total)
    {
        (double low, double high) = Around(values, weights, total);
        return (low + high) / 2;
    }

    /// <summary>The value in the middle, or the two that the middle lies between.</summary>
    /// <param name="values">At least one; sorted afterwards.</param>
    /// <param name="weights">As many; follow their values.</param>
    /// <param name="total">Their sum.</param>
    public static (double Low, double High) Around(Span<double> values, Span<double> weights, double total)
    {
        values.Sort(weights);
        double below = 0;
        for (int i = 0; i < values.Length; i++)
        {
            below += weights[i];
            if (below == total / 2 && i + 1 < values.Length)
            {
                return (values[i], values[i + 1]);
            }

            if (below > total / 2)
            {
                return (values[i], values[i]);
            }
        }

        return (values[^1], values[^1]);
    }
}
