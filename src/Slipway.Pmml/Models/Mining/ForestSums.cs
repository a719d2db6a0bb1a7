using System.Runtime.Intrinsics;
using Slipway.Pmml.Models.Trees;

namespace Slipway.Pmml.Models.Mining;

/// <summary>
/// What the leaves of a forest of numeric trees add up to, for rows that have all numbers: the addends of each leaf lie where the walk ends, as many numbers as fill vectors, so that
/// a row costs a tree no more than the walk and a few vector additions.
/// </summary>
internal sealed class ForestSums
{
    /// <summary>Most categories; with more the addition is what takes the time, however it is done.</summary>
    public const int MaxWidth = 16;

    private readonly NumericTree[] _trees;
    private readonly double[][] _addends;

    private ForestSums(NumericTree[] trees, double[][] addends, int stride)
    {
        (_trees, _addends, Stride) = (trees, addends, stride);
    }

    /// <summary>Numbers that a row's sums take: the width, made full for vectors.</summary>
    public int Stride { get; }

    /// <summary>The sums of a forest; null where a tree asks more than numbers, or a leaf has no answer.</summary>
    /// <param name="trees">The trees.</param>
    /// <param name="values">For each tree the addends of its nodes, <paramref name="width"/> numbers each.</param>
    /// <param name="width">Numbers that are added up: one, or one for each category.</param>
    public static ForestSums? TryCreate(TreeProgram[] trees, double[][] values, int width)
    {
        if (width is 0 or > MaxWidth || !Array.TrueForAll(trees, static tree => tree.Numeric is not null))
        {
            return null;
        }

        int stride = width == 1 ? 1 : (width + Vector256<double>.Count - 1) / Vector256<double>.Count * Vector256<double>.Count;
        double[][] addends = new double[trees.Length][];
        for (int i = 0; i < trees.Length; i++)
        {
            ReadOnlySpan<int> nodes = trees[i].Numeric!.Results;
            addends[i] = new double[nodes.Length * stride];
            for (int place = 0; place < nodes.Length; place++)
            {
                if (!trees[i].Numeric!.IsLeaf(place))
                {
                    continue;
                }

                if (nodes[place] < 0 || double.IsNaN(values[i][nodes[place] * width]))
                {
                    return null;
                }

                values[i].AsSpan(nodes[place] * width, width).CopyTo(addends[i].AsSpan(place * stride));
            }
        }

        return new ForestSums([.. trees.Select(static tree => tree.Numeric!)], addends, stride);
    }

    /// <summary>Adds all trees up.</summary>
    /// <param name="cells">Cells of the frame.</param>
    /// <param name="bases">Where each row begins; as many as fill all lanes.</param>
    /// <param name="sums">Takes the sums, <see cref="Stride"/> numbers a row; zeros before.</param>
    public void Add(double[] cells, ReadOnlySpan<int> bases, Span<double> sums)
    {
        Span<int> places = stackalloc int[NumericTree.Lanes];
        for (int tree = 0; tree < _trees.Length; tree++)
        {
            NumericTree numeric = _trees[tree];
            double[] addends = _addends[tree];
            for (int row = 0; row < bases.Length; row += NumericTree.Lanes)
            {
                numeric.Walk(cells, bases.Slice(row, NumericTree.Lanes), places);
                if (Stride == 1)
                {
                    for (int lane = 0; lane < places.Length; lane++)
                    {
                        sums[row + lane] += addends[places[lane]];
                    }

                    continue;
                }

                for (int lane = 0; lane < places.Length; lane++)
                {
                    Add(addends.AsSpan(places[lane] * Stride, Stride), sums.Slice((row + lane) * Stride, Stride));
                }
            }
        }
    }

    private static void Add(ReadOnlySpan<double> addends, Span<double> sums)
    {
        for (int i = 0; i < sums.Length; i += Vector256<double>.Count)
        {
            (Vector256.Create(addends[i..]) + Vector256.Create<double>(sums[i..])).CopyTo(sums[i..]);
        }
    }
}
