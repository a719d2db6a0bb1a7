using Slipway.Core;

namespace Slipway.Formats.Onnx;

/// <summary>Sizes of constant tensors.</summary>
internal static class TensorSize
{
    /// <summary>Number of elements; false when a dimension is negative or the product does not fit 63 bits.</summary>
    public static bool TryGetElementCount(IReadOnlyList<long> dimensions, out long count) =>
        new TensorShape([.. dimensions]).TryGetElementCount(out count);
}
