namespace Slipway.Inference.Configuration;

/// <summary>Finds the key that somebody meant.</summary>
public static class NearestKey
{
    /// <summary>
    /// The known key nearest to <paramref name="key"/> (insertions, deletions, replacements, swaps; case, <c>-</c> and <c>_</c> don't count), or null when none is
    /// near: more than a third of its letters would have to change.
    /// </summary>
    public static string? Of(string key, IEnumerable<string> known)
    {
        string wanted = Bare(key);
        string? best = null;
        int bestDistance = int.MaxValue;
        foreach (string candidate in known)
        {
            string bare = Bare(candidate);
            int distance = Math.Abs(bare.Length - wanted.Length) > 64 || wanted.Length > 128 ? int.MaxValue : Distance(wanted, bare);
            if (distance < bestDistance && distance <= Math.Max(1, Math.Max(wanted.Length, bare.Length) / 3))
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>The end of a message about an unknown key: <c>; did you mean 'x'?</c>, or the keys there are.</summary>
    public static string Hint(string key, IReadOnlyCollection<string> known) => Of(key, known) is { } near
        ? $"; did you mean '{near}'?"
        : known.Count == 0 ? "" : $"; known are {string.Join(", ", known.Order(StringComparer.Ordinal))}";

    private static string Bare(string key) => key.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    // Optimal string alignment: Damerau-Levenshtein without repeated edits of one place.
    private static int Distance(string a, string b)
    {
        int[] beforeLast = new int[b.Length + 1];
        int[] last = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int[] current = new int[b.Length + 1];
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = a[i - 1] == b[j - 1] ? 0 : 1;
                current[j] = Math.Min(Math.Min(last[j] + 1, current[j - 1] + 1), last[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    current[j] = Math.Min(current[j], beforeLast[j - 2] + 1);
                }
            }

            (beforeLast, last) = (last, current);
        }

        return last[b.Length];
    }
}
