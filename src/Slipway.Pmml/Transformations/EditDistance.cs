using Slipway.Pmml.Evaluation;

namespace Slipway.Pmml.Transformations;

/// <summary>How many characters have to be put in, left out or replaced to make one word another (Levenshtein).</summary>
internal static class EditDistance
{
    private const long MaxWork = 10_000_000;

    /// <summary>The distance of two words, or a number above <paramref name="most"/> when it is larger.</summary>
    /// <exception cref="EvaluationException">The words are too long to be compared.</exception>
    public static int Of(string left, string right, int most)
    {
        if (most == 0)
        {
            return left == right ? 0 : 1;
        }

        if (Math.Abs(left.Length - right.Length) > most)
        {
            return most + 1;
        }

        // Beyond this many places from the diagonal the distance is larger anyhow.
        int band = (int)Math.Min(most, (long)Math.Max(left.Length, right.Length));
        if ((long)left.Length * Math.Min((2L * band) + 1, right.Length) > MaxWork)
        {
            throw new EvaluationException("TextIndex: two words are too long to be compared");
        }

        int[] previous = [.. Enumerable.Range(0, right.Length + 1)];
        int[] current = new int[right.Length + 1];
        for (int i = 1; i <= left.Length; i++)
        {
            int first = Math.Max(1, i - band);
            int last = Math.Min(right.Length, i + band);
            current[first - 1] = first == 1 ? i : band + 1;
            for (int j = first; j <= last; j++)
            {
                int replace = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                int leaveOut = j < i + band ? previous[j] : band + 1;
                current[j] = Math.Min(replace, Math.Min(leaveOut, current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[right.Length];
    }
}
