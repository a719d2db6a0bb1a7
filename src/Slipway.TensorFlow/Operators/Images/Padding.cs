using Slipway.Core;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.Images;

/// <summary>Padding around an image for a window that slides over it, as ONNX has it.</summary>
/// <param name="Begin">Rows and columns before; null when the engine is to work it out from sizes known at run time.</param>
internal sealed record Padding(long[]? Begin, long[]? End)
{
    /// <summary>Attributes of the node.</summary>
    public IEnumerable<NodeAttribute> Attributes => Begin is { } begin ? [NodeAttribute.Of("pads", [.. begin, .. End!])] : [NodeAttribute.Of("auto_pad", "SAME_UPPER")];

    /// <summary>What a node's attributes ask for.</summary>
    /// <param name="input">Shape with channels second.</param>
    /// <param name="kernel">Size of the window; -1 where it is unknown.</param>
    public static Padding Of(OperatorCall call, ImageLayout layout, PartialShape input, long[] kernel, long[] strides, long[] dilations)
    {
        string padding = call.Attribute("padding", "VALID");
        long[] zeros = new long[layout.Spatial];
        return padding switch
        {
            "VALID" => new Padding(zeros, zeros),
            "SAME" => Same(layout, input, kernel, strides, dilations),
            "EXPLICIT" => Explicit(call, layout),
            _ => throw new SlipwayException(ErrorCode.InvalidModel, $"padding '{padding}' is unknown"),
        };
    }

    /// <summary>Shape of the result; channels are <paramref name="channels"/>.</summary>
    public PartialShape OutputShape(PartialShape input, long channels, long[] kernel, long[] strides, long[] dilations)
    {
        long[] result = new long[input.Rank];
        (result[0], result[1]) = (input[0], channels);
        for (int i = 0; i < kernel.Length; i++)
        {
            long size = input[i + 2];
            long window = ((kernel[i] - 1) * dilations[i]) + 1;
            result[i + 2] = size < 0 || kernel[i] < 0 ? -1
                : Begin is null ? (size + strides[i] - 1) / strides[i]
                : ((size + Begin[i] + End![i] - window) / strides[i]) + 1;
        }

        return new PartialShape(result);
    }

    // With a stride of one the padding does not depend on the size of the image; otherwise it does, and the engine knows how when nothing is dilated.
    private static Padding Same(ImageLayout layout, PartialShape input, long[] kernel, long[] strides, long[] dilations)
    {
        long[] begin = new long[layout.Spatial];
        long[] end = new long[layout.Spatial];
        for (int i = 0; i < begin.Length; i++)
        {
            long window = ((kernel[i] - 1) * dilations[i]) + 1;
            long size = input[i + 2];
            if (kernel[i] < 0 || (size < 0 && strides[i] != 1))
            {
                return Array.TrueForAll(dilations, static dilation => dilation == 1)
                    ? new Padding(null, null)
                    : throw OperatorCall.NotSupported("dilation together with a stride over images of unknown size is not converted");
            }

            long total = strides[i] == 1 ? window - 1 : Math.Max(0, ((((size + strides[i] - 1) / strides[i]) - 1) * strides[i]) + window - size);
            begin[i] = total / 2;
            end[i] = total - begin[i];
        }

        return new Padding(begin, end);
    }

    private static Padding Explicit(OperatorCall call, ImageLayout layout)
    {
        long[] pairs = call.List("explicit_paddings") ?? [];
        if (pairs.Length != 2 * layout.Rank)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"explicit paddings have {pairs.Length} entries, not {2 * layout.Rank}");
        }

        int first = layout.IsChannelsLast ? 1 : 2;
        return new Padding(
            [.. Enumerable.Range(first, layout.Spatial).Select(axis => pairs[2 * axis])],
            [.. Enumerable.Range(first, layout.Spatial).Select(axis => pairs[(2 * axis) + 1])]);
    }
}
