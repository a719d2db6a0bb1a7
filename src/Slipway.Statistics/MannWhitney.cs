namespace Slipway.Statistics;

/// <summary>Whether one sample tends to larger values than another (Mann and Whitney 1947): normal approximation with ties and continuity corrected. For one look.</summary>
public static class MannWhitney
{
    /// <summary>Two-sided p-value.</summary>
    public static double PValue(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        (double value, bool isFirst)[] all = [.. first.Select(static value => (value, true)), .. second.Select(static value => (value, false))];
        Array.Sort(all, static (x, y) => x.value.CompareTo(y.value));
        double ranks = 0;
        double ties = 0;
        for (int start = 0; start < all.Length;)
        {
            int end = start;
            while (end < all.Length && all[end].value == all[start].value)
            {
                end++;
            }

            double count = end - start;
            ties += count * ((count * count) - 1);
            for (int i = start; i < end; i++)
            {
                ranks += all[i].isFirst ? (start + end + 1) / 2.0 : 0;
            }

            start = end;
        }

        double n = first.Count;
        double m = second.Count;
        double total = n + m;
        double u = ranks - (n * (n + 1) / 2);
        double variance = n * m / 12 * (total + 1 - (ties / (total * (total - 1))));
        if (!(variance > 0))
        {
            return 1;
        }

        double z = Math.Max(0, Math.Abs(u - (n * m / 2)) - 0.5) / Math.Sqrt(variance);
        return Math.Min(1, 2 * Normal.Cdf(-z));
    }
}
