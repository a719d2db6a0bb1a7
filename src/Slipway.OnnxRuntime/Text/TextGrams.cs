using System.Globalization;
using System.Text;

namespace Slipway.OnnxRuntime.Text;

/// <summary>Runs of neighbouring words within each row (n-grams), as TensorFlow's StringNGrams makes them: for each width all runs from the first word to the last.</summary>
/// <param name="widths">Numbers of words in a run, separated by commas.</param>
/// <param name="separator">What stands between the words of a run.</param>
/// <param name="left">What is put before a row where it is padded.</param>
/// <param name="right">What is put behind it.</param>
/// <param name="pad">How often it is put there, at most one less than the width; -1: that often.</param>
/// <param name="keepsShort">Whether a row too short for any run is one run.</param>
internal sealed class TextGrams(string widths, string separator, string left, string right, long pad, bool keepsShort)
{
    // As many as a tensor may sensibly hold.
    private const long MaxRuns = 1 << 26;

    private readonly long[] _widths = [.. widths.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static width => long.Parse(width, CultureInfo.InvariantCulture))];
    private readonly byte[] _separator = Encoding.UTF8.GetBytes(separator);
    private readonly byte[] _left = Encoding.UTF8.GetBytes(left);
    private readonly byte[] _right = Encoding.UTF8.GetBytes(right);

    /// <summary>Reads where rows begin and their words, and gives the runs.</summary>
    public void Compute(KernelContext context)
    {
        (long[] starts, _) = context.Numbers<long>(0);
        TextTensor words = context.Text(1);
        if (starts.Length > 0 && (starts[0] != 0 || starts[^1] != words.Count || starts.Zip(starts.Skip(1)).Any(static pair => pair.First > pair.Second)))
        {
            throw new TextFault($"{words.Count} words are not divided into rows as it is said");
        }

        TextBuilder runs = new();
        long[] ends = new long[starts.Length];
        List<long> positions = [];
        long most = 0;
        for (int row = 0; row + 1 < starts.Length; row++)
        {
            int before = runs.Count;
            if (words.Count > 0)
            {
                AddRow(words, (int)starts[row], (int)(starts[row + 1] - starts[row]), runs);
            }

            for (int i = 0; i < runs.Count - before; i++)
            {
                positions.AddRange([row, i]);
            }

            ends[row + 1] = runs.Count;
            most = Math.Max(most, runs.Count - before);
        }

        context.Give(0, runs.Build(runs.Count));
        context.Give<long>(1, ends, ends.Length);
        context.Give<long>(2, positions.ToArray(), runs.Count, 2);
        context.Give<long>(3, [Math.Max(0, starts.Length - 1), most], 2);
    }

    /// <summary>Appends the runs of one row.</summary>
    internal void AddRow(TextTensor words, int start, int length, TextBuilder runs)
    {
        int before = runs.Count;
        foreach (long width in _widths)
        {
            AddRuns(words, start, length, width, runs);
        }

        if (keepsShort && length > 0 && runs.Count == before && pad >= 0)
        {
            AddRuns(words, start, length, length + (2 * pad), runs);
        }
    }

    private void AddRuns(TextTensor words, int start, int length, long width, TextBuilder runs)
    {
        long around = Math.Min(pad < 0 ? width - 1 : pad, width - 1);
        long count = length + (2 * around) - width + 1;
        if (width > MaxRuns || count > MaxRuns || Math.Max(count, 0) * width > MaxRuns)
        {
            throw new TextFault($"runs of {width} words are too many");
        }

        for (long first = 0; first < count; first++)
        {
            for (long at = first; at < first + width; at++)
            {
                if (at > first)
                {
                    runs.Append(_separator);
                }

                runs.Append(at < around ? _left : at < around + length ? words[start + (int)(at - around)] : _right);
            }

            runs.End();
        }
    }
}
