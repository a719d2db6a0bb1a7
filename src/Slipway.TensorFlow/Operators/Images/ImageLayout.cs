using Slipway.Core;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.Images;

/// <summary>Where an image operator has its channels, and its settings for the dimensions in between.</summary>
/// <param name="Rank">Number of dimensions, batch and channels included.</param>
/// <param name="IsChannelsLast">Whether channels are the last dimension (NHWC), as opposed to the second (NCHW).</param>
internal readonly record struct ImageLayout(int Rank, bool IsChannelsLast)
{
    /// <summary>Number of dimensions beside batch and channels.</summary>
    public int Spatial => Rank - 2;

    /// <summary>The layout that a node names.</summary>
    public static ImageLayout Of(OperatorCall call, int rank)
    {
        string format = call.Attribute("data_format", rank == 4 ? "NHWC" : "NDHWC");
        return format switch
        {
            "NHWC" or "NDHWC" => new ImageLayout(rank, true),
            "NCHW" or "NCDHW" => new ImageLayout(rank, false),
            _ => throw OperatorCall.NotSupported($"data format {format} is not converted"),
        };
    }

    /// <summary>The value with channels second, as ONNX wants it.</summary>
    public Term ToOnnx(Draft draft, Term value)
    {
        if (value.Shape.HasRank && value.Shape.Rank != Rank)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"its input {value.Shape} does not have {Rank} dimensions");
        }

        Term known = value.Shape.HasRank ? value : Draft.WithShape(value, PartialShape.OfRank(Rank));
        return IsChannelsLast ? draft.ChannelsFirst(known, Rank) : known;
    }

    /// <summary>A result of ONNX in this layout.</summary>
    public Term FromOnnx(Draft draft, Term value) => IsChannelsLast ? draft.ChannelsLast(value, Rank) : value;

    /// <summary>The entries of a list for the spatial dimensions; those for batch and channels must be one.</summary>
    public long[] SpatialOf(long[]? list, string what)
    {
        if (list is null)
        {
            return [.. Enumerable.Repeat(1L, Spatial)];
        }

        if (list.Length != Rank)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"its {what} have {list.Length} entries, not {Rank}");
        }

        long outside = IsChannelsLast ? list[0] * list[^1] : list[0] * list[1];
        if (outside != 1)
        {
            throw OperatorCall.NotSupported($"{what} over batch or channels are not converted");
        }

        long[] inside = IsChannelsLast ? list[1..^1] : list[2..];
        return Array.TrueForAll(inside, static entry => entry > 0) ? inside : throw new SlipwayException(ErrorCode.InvalidModel, $"its {what} are not positive");
    }
}
