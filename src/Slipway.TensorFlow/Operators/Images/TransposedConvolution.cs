using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.Images;

/// <summary>
/// The gradient of a convolution with respect to its input, which is what a transposed convolution is. TensorFlow is told the size of the result; ONNX's operator makes
/// everything that the input reaches, of which the middle is taken.
/// </summary>
internal static class TransposedConvolution
{
    public static Term Convert(OperatorCall call, int rank)
    {
        Draft draft = call.Draft;
        ImageLayout layout = ImageLayout.Of(call, rank);
        Term sizes = draft.Long(call.Tensor(0));
        Term filter = call.Tensor(1);
        Term input = layout.ToOnnx(draft, call.Tensor(2));
        ConvolutionOperators.RequireSingle(input);
        long[] strides = layout.SpatialOf(call.List("strides"), "strides");
        long[] dilations = layout.SpatialOf(call.List("dilations"), "dilations");
        if (!filter.Shape.IsStatic || filter.Shape.Rank != rank)
        {
            throw OperatorCall.NotSupported("the shape of its filter is not known at conversion");
        }

        if (call.Attribute("padding", "VALID") == "EXPLICIT")
        {
            throw OperatorCall.NotSupported("explicit padding is not converted");
        }

        // [spatial…, out, in] to [in, out, spatial…].
        Term weights = draft.Transpose(filter, [rank - 1, rank - 2, .. Enumerable.Range(0, rank - 2).Select(static axis => (long)axis)]);
        long groups = input.Shape[1] > 0 && weights.Shape[0] > 0 ? input.Shape[1] / weights.Shape[0] : 1;
        if (groups != 1)
        {
            throw OperatorCall.NotSupported("groups of channels are not converted");
        }

        int firstSpatial = layout.IsChannelsLast ? 1 : 2;
        long[] windows = [.. Enumerable.Range(0, layout.Spatial).Select(i => ((filter.Shape[i] - 1) * dilations[i]) + 1)];
        long?[] wanted = [.. Enumerable.Range(0, layout.Spatial).Select(i => sizes.Elements is { } known && known.Length == rank ? known[firstSpatial + i] : null)];
        long[] full = [.. Enumerable.Range(0, layout.Spatial).Select(i => input.Shape[i + 2] < 0 ? -1 : (strides[i] * (input.Shape[i + 2] - 1)) + windows[i])];
        bool isKnown = Array.TrueForAll(wanted, static size => size is not null) && Array.TrueForAll(full, static size => size >= 0);
        Term Node(PartialShape shape, params NodeAttribute[] padding) => draft.Node(
            "ConvTranspose", [input, weights], input.Type, shape, [NodeAttribute.Of("strides", strides), NodeAttribute.Of("dilations", dilations), .. padding]);
        if (isKnown)
        {
            long[] surplus = [.. full.Select((size, i) => size - wanted[i]!.Value)];
            long[] pads = [.. surplus.Select(static extra => Math.Max(0, extra) / 2), .. surplus.Select(static extra => Math.Max(0, extra) - (Math.Max(0, extra) / 2))];
            long[] missing = [.. surplus.Select(static extra => Math.Max(0, -extra))];
            if (missing.Where((count, i) => count >= Math.Max(strides[i], dilations[i])).Any())
            {
                throw new SlipwayException(ErrorCode.InvalidModel, "the size that is asked for is not one that the convolution can have come from");
            }

            PartialShape shape = new([input.Shape[0], weights.Shape[1], .. wanted.Select(static size => size!.Value)]);
            return layout.FromOnnx(draft, Node(shape, NodeAttribute.Of("pads", pads), NodeAttribute.Of("output_padding", missing)));
        }

        PartialShape open = new([input.Shape[0], weights.Shape[1], .. Enumerable.Repeat(-1L, layout.Spatial)]);

        // Rows that no stride reaches may follow the last one that the input reaches: as many as a stride less one.
        long[] most = [.. strides.Select(static stride => stride - 1)];
        return layout.FromOnnx(draft, Cut(draft, layout, sizes, Node(open, NodeAttribute.Of("output_padding", most)), most, open));
    }

    // What lies around the middle is divided so that an odd row is left over at the end. Output padding made rows that were not there: they count as missing.
    private static Term Cut(Draft draft, ImageLayout layout, Term sizes, Term full, long[] added, PartialShape shape)
    {
        int first = layout.IsChannelsLast ? 1 : 2;
        Term wanted = draft.Slice(sizes, [new SliceRange(0, first, first + layout.Spatial, 1)]);
        Term made = draft.Sub(draft.Slice(draft.Shape(full), [new SliceRange(0, 2, long.MaxValue, 1)]), draft.Integers(added));
        Term zero = draft.Scalar(0, OnnxDataType.Int64);
        Term begin = draft.Div(draft.Max(draft.Sub(made, wanted), zero), draft.Scalar(2, OnnxDataType.Int64));
        Term axes = draft.Integers([.. Enumerable.Range(2, layout.Spatial).Select(static axis => (long)axis)]);
        return draft.Node("Slice", [full, begin, draft.Add(begin, wanted), axes], full.Type, shape);
    }
}
