using System.Globalization;
using System.Text;

namespace Slipway.Formats.Onnx.Text;

/// <summary>A set of characters of Unicode, and how .NET's regular expressions, which see UTF-16, write it. Ranges are sorted and do not touch.</summary>
internal sealed class CodePointSet
{
    private const int Last = 0x10FFFF;
    private const int FirstSurrogate = 0xD800;
    private const int LastSurrogate = 0xDFFF;
    private const int FirstBeyond = 0x10000;

    private readonly List<(int First, int Last)> _ranges = [];

    /// <summary>Every character.</summary>
    public static CodePointSet All => new CodePointSet().Add(0, Last);

    /// <summary>Adds a range.</summary>
    public CodePointSet Add(int first, int last)
    {
        _ranges.Add((first, last));
        return this;
    }

    /// <summary>Adds another set.</summary>
    public CodePointSet Add(CodePointSet other)
    {
        _ranges.AddRange(other._ranges);
        return this;
    }

    /// <summary>Adds the characters that a condition holds for.</summary>
    public CodePointSet AddWhere(Predicate<UnicodeCategory> holds)
    {
        int first = -1;
        for (int point = 0; point <= Last + 1; point++)
        {
            bool belongs = point <= Last && holds(CharUnicodeInfo.GetUnicodeCategory(point));
            if (belongs && first < 0)
            {
                first = point;
            }
            else if (!belongs && first >= 0)
            {
                Add(first, point - 1);
                first = -1;
            }
        }

        return this;
    }

    /// <summary>All other characters.</summary>
    public CodePointSet Complement()
    {
        CodePointSet rest = new();
        int next = 0;
        foreach ((int first, int last) in Sorted())
        {
            if (first > next)
            {
                rest.Add(next, first - 1);
            }

            next = last + 1;
        }

        return next <= Last ? rest.Add(next, Last) : rest;
    }

    /// <summary>An expression that matches one character of the set. Surrogates stand for nothing by themselves.</summary>
    public string ToExpression()
    {
        StringBuilder low = new();
        SortedDictionary<int, StringBuilder> high = [];
        foreach ((int first, int last) in Sorted())
        {
            AppendRange(low, first, Math.Min(last, FirstSurrogate - 1));
            AppendRange(low, Math.Max(first, LastSurrogate + 1), Math.Min(last, FirstBeyond - 1));
            for (int point = Math.Max(first, FirstBeyond); point <= last;)
            {
                // A block of 1024 characters has one first half.
                int end = Math.Min(last, point | 0x3FF);
                if (!high.TryGetValue(point >> 10, out StringBuilder? seconds))
                {
                    high.Add(point >> 10, seconds = new StringBuilder());
                }

                AppendRange(seconds, 0xDC00 | (point & 0x3FF), 0xDC00 | (end & 0x3FF));
                point = end + 1;
            }
        }

        List<string> choices = low.Length > 0 ? [$"[{low}]"] : [];
        foreach (IGrouping<string, int> block in high.GroupBy(static pair => pair.Value.ToString(), static pair => 0xD800 + pair.Key - (FirstBeyond >> 10)))
        {
            CodePointSet halves = new();
            foreach (int half in block)
            {
                halves.Add(half, half);
            }

            StringBuilder firsts = new();
            halves.Sorted().ForEach(range => AppendRange(firsts, range.First, range.Last));
            choices.Add($"[{firsts}][{block.Key}]");
        }

        return choices.Count switch
        {
            0 => "(?:[^\\s\\S])",
            1 when high.Count == 0 => choices[0],
            _ => $"(?:{string.Join('|', choices)})",
        };
    }

    private List<(int First, int Last)> Sorted()
    {
        List<(int First, int Last)> sorted = [];
        foreach ((int first, int last) in _ranges.Order())
        {
            if (sorted.Count > 0 && first <= sorted[^1].Last + 1)
            {
                sorted[^1] = (sorted[^1].First, Math.Max(sorted[^1].Last, last));
            }
            else
            {
                sorted.Add((first, last));
            }
        }

        return sorted;
    }

    private static void AppendRange(StringBuilder target, int first, int last)
    {
        if (first <= last)
        {
            target.Append(CultureInfo.InvariantCulture, $"\\u{first:X4}");
            _ = first == last ? target : target.Append(CultureInfo.InvariantCulture, $"-\\u{last:X4}");
        }
    }
}
