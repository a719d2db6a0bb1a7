using Slipway.Core;

namespace Slipway.Traffic.Shadowing;

/// <summary>
/// Compares two answers to the same request, row by row. Where there are labels (whole numbers, truth values, text) a row disagrees when any label differs. Where there are
/// only measures, a row of several (scores of classes) disagrees when another one is the largest, and a row of one when it differs by more than the tolerance.
/// </summary>
internal static class OutputComparison
{
    /// <summary>Compares.</summary>
    /// <param name="primary">What the caller got.</param>
    /// <param name="shadow">What the shadow answered.</param>
    /// <param name="tolerance">Largest difference of measures that agree, relative to the larger of 1 and the primary's.</param>
    public static PairOutcome Compare(IReadOnlyList<Tensor> primary, IReadOnlyList<Tensor> shadow, double tolerance)
    {
        List<(Tensor Mine, Tensor Other)> pairs = [];
        foreach (Tensor mine in primary)
        {
            Tensor? other = shadow.FirstOrDefault(candidate => candidate.Name == mine.Name);
            if (other is null || other.Shape != mine.Shape || other.DataType != mine.DataType)
            {
                return PairOutcome.NotComparable;
            }

            pairs.Add((mine, other));
        }

        if (pairs.Count == 0)
        {
            return PairOutcome.NotComparable;
        }

        int rows = pairs.Max(static pair => RowsOf(pair.Mine));
        bool[] labelsDiffer = new bool[rows];
        bool[] measuresDiffer = new bool[rows];
        bool hasLabels = false;
        Differences differences = default;
        foreach ((Tensor mine, Tensor other) in pairs)
        {
            if (TensorNumbers.IsMeasure(mine.DataType))
            {
                differences = differences.Plus(CompareMeasures(mine, other, tolerance, measuresDiffer));
            }
            else
            {
                hasLabels = true;
                CompareLabels(mine, other, labelsDiffer);
            }
        }

        bool[] decisive = hasLabels ? labelsDiffer : measuresDiffer;
        return new PairOutcome(true, rows, decisive.Count(static differs => differs), differences);
    }

    private static int RowsOf(Tensor tensor) => tensor.Shape.Rank == 0 ? 1 : (int)tensor.Shape[0];

    private static Differences CompareMeasures(Tensor mine, Tensor other, double tolerance, bool[] differ)
    {
        if (TensorNumbers.Read(mine) is not { } a || TensorNumbers.Read(other) is not { } b || RowsOf(mine) == 0)
        {
            return default;
        }

        Differences differences = default;
        int width = a.Length / RowsOf(mine);
        for (int i = 0; i < a.Length; i++)
        {
            differences = differences.Add(double.IsNaN(a[i]) && double.IsNaN(b[i]) ? 0 : Math.Abs(a[i] - b[i]));
        }

        for (int row = 0; row < RowsOf(mine) && width > 0; row++)
        {
            Span<double> x = a.AsSpan(row * width, width);
            Span<double> y = b.AsSpan(row * width, width);
            differ[row] |= width > 1 ? LargestOf(x) != LargestOf(y) : IsFar(x[0], y[0], tolerance);
        }

        return differences;
    }

    private static void CompareLabels(Tensor mine, Tensor other, bool[] differ)
    {
        int rows = RowsOf(mine);
        if (TensorNumbers.Read(mine) is { } a && TensorNumbers.Read(other) is { } b)
        {
            for (int i = 0; i < a.Length; i++)
            {
                differ[i / (a.Length / rows)] |= a[i] != b[i];
            }

            return;
        }

        // Text and packed numbers: elements have no fixed place, so rows are told apart only where there is one.
        if (mine.DataType == TensorDataType.String && mine.ElementCount == rows)
        {
            CompareTexts(mine.Data.Span, other.Data.Span, differ);
        }
        else if (!mine.Data.Span.SequenceEqual(other.Data.Span))
        {
            differ.AsSpan(0, rows).Fill(true);
        }
    }

    private static void CompareTexts(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, bool[] differ)
    {
        for (int row = 0; !a.IsEmpty && !b.IsEmpty; row++)
        {
            ReadOnlySpan<byte> x = a[..(sizeof(int) + BitConverter.ToInt32(a))];
            ReadOnlySpan<byte> y = b[..(sizeof(int) + BitConverter.ToInt32(b))];
            differ[row] |= !x.SequenceEqual(y);
            a = a[x.Length..];
            b = b[y.Length..];
        }
    }

    private static int LargestOf(ReadOnlySpan<double> values)
    {
        int largest = 0;
        for (int i = 1; i < values.Length; i++)
        {
            largest = values[i] > values[largest] ? i : largest;
        }

        return largest;
    }

    private static bool IsFar(double a, double b, double tolerance) =>
        !(a.Equals(b) || Math.Abs(a - b) <= tolerance * Math.Max(1, Math.Abs(a)));
}
