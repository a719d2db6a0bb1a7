namespace Slipway.Statistics;

/// <summary>Which of many tests to believe. The procedures of Benjamini and Hochberg: no more than a share α of those believed is false, on average.</summary>
public static class MultipleTests
{
    /// <summary>For p-values that are independent or positively dependent (Benjamini and Hochberg 1995).</summary>
    public static bool[] BenjaminiHochberg(IReadOnlyList<double> pValues, double alpha) => StepUp(pValues, rank => alpha * rank / pValues.Count);

    /// <summary>For e-values, whatever their dependence (Wang and Ramdas 2022).</summary>
    public static bool[] EBenjaminiHochberg(IReadOnlyList<double> eValues, double alpha) => StepUp([.. eValues.Select(static e => 1 / e)], rank => alpha * rank / eValues.Count);

    /// <summary>No false one among those believed but for a chance of α, whatever their dependence (Holm 1979). P-values that hold at every look may be given at any.</summary>
    public static bool[] Holm(IReadOnlyList<double> pValues, double alpha)
    {
        bool[] result = new bool[pValues.Count];
        int believed = 0;
        foreach (int i in Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]))
        {
            if (pValues[i] > alpha / (pValues.Count - believed))
            {
                break;
            }

            result[i] = true;
            believed++;
        }

        return result;
    }

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
