using Slipway.Core;

namespace Slipway.Pipelines.Running;

/// <summary>Checks that what steps read has the rows of the request.</summary>
internal static class RowTensors
{
    /// <summary>Refuses a tensor that has not so many values for each row.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.ShapeMismatch"/>.</exception>
    public static void Check(Tensor tensor, long rows, long width)
    {
        if (tensor.Shape.Rank is not (1 or 2) || tensor.Shape[0] != rows || (width >= 0 && (tensor.Shape.Rank == 1 ? 1 : tensor.Shape[1]) != width))
        {
            throw new SlipwayException(ErrorCode.ShapeMismatch, $"'{tensor.Name}' has shape {tensor.Shape}, and {rows} rows of {(width < 0 ? "a vector" : width == 1 ? "one value" : $"{width} values")} each are expected");
        }
    }
}
