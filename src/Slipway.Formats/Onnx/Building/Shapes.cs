using Slipway.Core;

namespace Slipway.Formats.Onnx.Building;

/// <summary>Shape rules of the operators. -1 stands for a size known at run time.</summary>
internal static class Shapes
{
    /// <summary>The shape of an elementwise operation: NumPy's broadcasting.</summary>
    /// <exception cref="ArgumentException">The shapes do not go together.</exception>
    public static TensorShape Broadcast(TensorShape a, TensorShape b)
    {
        long[] result = new long[Math.Max(a.Rank, b.Rank)];
        for (int i = 1; i <= result.Length; i++)
        {
            long left = i <= a.Rank ? a[a.Rank - i] : 1;
            long right = i <= b.Rank ? b[b.Rank - i] : 1;
            result[^i] = (left, right) switch
            {
                (1, _) => right,
                (_, 1) => left,
                (-1, _) => right,
                (_, -1) => left,
                _ when left == right => left,
                _ => throw new ArgumentException($"shapes {a} and {b} do not go together"),
            };
        }

        return new TensorShape(result);
    }

    /// <summary>The shape of a matrix product.</summary>
    /// <exception cref="ArgumentException">The inner dimensions differ.</exception>
    public static TensorShape MatMul(TensorShape a, TensorShape b)
    {
        if (a.Rank < 2 || b.Rank < 2 || (a[a.Rank - 1] != b[b.Rank - 2] && a[a.Rank - 1] >= 0 && b[b.Rank - 2] >= 0))
        {
            throw new ArgumentException($"matrices {a} and {b} can't be multiplied");
        }

        TensorShape outer = Broadcast(new TensorShape(a.Dimensions[..^2].ToArray()), new TensorShape(b.Dimensions[..^2].ToArray()));
        return new TensorShape([.. outer.Dimensions, a[a.Rank - 2], b[b.Rank - 1]]);
    }

    /// <summary>The shape after a reduction over one dimension.</summary>
    public static TensorShape Reduced(TensorShape shape, int axis, bool keepDimension)
    {
        List<long> dimensions = [.. shape.Dimensions];
        if (keepDimension)
        {
            dimensions[axis] = 1;
        }
        else
        {
            dimensions.RemoveAt(axis);
        }

        return new TensorShape([.. dimensions]);
    }
}
