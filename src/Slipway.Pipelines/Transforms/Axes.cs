using Slipway.Core;

namespace Slipway.Pipelines.Transforms;

/// <summary>Numbers of elements along the dimensions of tensors.</summary>
internal static class Axes
{
    /// <summary>Product of the sizes before a dimension.</summary>
    public static long CountBefore(TensorShape shape, int axis) => Product(shape.Dimensions[..axis]);

    /// <summary>Product of the sizes behind a dimension.</summary>
    public static long CountBehind(TensorShape shape, int axis) => Product(shape.Dimensions[(axis + 1)..]);

    private static long Product(ReadOnlySpan<long> sizes)
    {
        long product = 1;
        foreach (long size in sizes)
        {
            product *= size;
        }

        return product;
    }
}
