using Slipway.Core;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Drafting;

/// <summary>Shapes of results. -1 stands for a size that is known at run time only.</summary>
internal static class ShapeRules
{
    /// <summary>NumPy's broadcasting.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when the shapes do not go together.</exception>
    public static PartialShape Broadcast(PartialShape a, PartialShape b)
    {
        if (!a.HasRank || !b.HasRank)
        {
            return PartialShape.Unknown;
        }

        try
        {
            return new PartialShape([.. Shapes.Broadcast(new TensorShape(a.ToArray()), new TensorShape(b.ToArray())).Dimensions]);
        }
        catch (ArgumentException fault)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"shapes {a} and {b} do not go together", fault);
        }
    }

    /// <summary>The shape of a matrix product over the last two dimensions.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when the shapes do not go together.</exception>
    public static PartialShape MatMul(PartialShape a, PartialShape b)
    {
        if (!a.HasRank || !b.HasRank)
        {
            return PartialShape.Unknown;
        }

        if (a.Rank < 2 || b.Rank < 2 || (a[a.Rank - 1] != b[b.Rank - 2] && a[a.Rank - 1] >= 0 && b[b.Rank - 2] >= 0))
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"matrices {a} and {b} can't be multiplied");
        }

        PartialShape outer = Broadcast(new PartialShape(a.ToArray()[..^2]), new PartialShape(b.ToArray()[..^2]));
        return new PartialShape([.. outer.Dimensions, a[a.Rank - 2], b[b.Rank - 1]]);
    }

    /// <summary>The shape after dimensions have been put in another order.</summary>
    public static PartialShape Permute(PartialShape shape, ReadOnlySpan<long> permutation)
    {
        if (!shape.HasRank)
        {
            return PartialShape.OfRank(permutation.Length);
        }

        long[] result = new long[permutation.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = shape[(int)permutation[i]];
        }

        return new PartialShape(result);
    }

    /// <summary>A dimension counted from the end, if negative, as one counted from the beginning.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when there is no such dimension.</exception>
    public static int Axis(long axis, int rank)
    {
        long position = axis < 0 ? axis + rank : axis;
        return position >= 0 && position < rank
            ? (int)position
            : throw new SlipwayException(ErrorCode.InvalidModel, $"dimension {axis} is asked for where there are {rank}");
    }
}
