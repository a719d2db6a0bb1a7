namespace Slipway.Statistics;

/// <summary>Which of many tests to believe: no more than a share α of those believed is false, on average.</summary>
public static class MultipleTests
{
    /// <summary>For p-values that are independent or positively dependent (Benjamini and Hochberg 1995).</summary>
    public static bool[] BenjaminiHochberg(IReadOnlyList<double> pValues, double alpha) => StepUp(pValues, rank => alpha * rank / pValues.Count);

    /// <summary>For e-values, whatever their dependence (Wang and Ramdas 2022).</summary>
    public static bool[] EBenjaminiHochberg(IReadOnlyList<double> eValues, double alpha) => StepUp([.. eValues.Select(static e => 1 / e)], rank => alpha * rank / eValues.Count);

    private static bool[] StepUp(IReadOnlyList<double> values, Func<int, double> threshold)
    {
        int[] order = [.. Enumerable.Range(0, values.Count).OrderBy(i => values[i])];
        int believed = 0;
        for (int rank = 1; rank <= order.Length; rank++)
        {
            believed = values[order[rank - 1]] <= threshold(rank) ? rank : believed;
        }

        bool[] result = new bool[values.Count];
        foreach (int i in order.Take(believed))
        {
            result[i] = true;
        }

        return result;
    }
}
