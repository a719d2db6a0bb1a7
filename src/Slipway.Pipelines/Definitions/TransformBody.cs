using Slipway.Core;

namespace Slipway.Pipelines.Definitions;

/// <summary>Computes tensors from tensors, without a model. One output, <see cref="StepBody.Output"/>, where nothing else is said.</summary>
/// <param name="From">What it reads.</param>
public abstract record TransformBody(IReadOnlyList<string> From) : StepBody
{
    /// <summary>The key that names its kind: <c>oneHot</c> for <see cref="OneHotBody"/>.</summary>
    public string Kind
    {
        get
        {
            string name = GetType().Name[..^"Body".Length];
            return char.ToLowerInvariant(name[0]) + name[1..];
        }
    }
}

/// <summary>Gives values under other names: an output for each, over the same memory.</summary>
/// <param name="From">What it reads.</param>
/// <param name="Names">The names.</param>
public sealed record RenameBody(IReadOnlyList<string> From, IReadOnlyList<string> Names) : TransformBody(From);

/// <summary>Takes some columns, positions along dimension 1, in the order given.</summary>
/// <param name="Source">What it reads.</param>
/// <param name="Columns">Positions from 0.</param>
public sealed record SelectBody(string Source, IReadOnlyList<int> Columns) : TransformBody([Source]);

/// <summary>Joins tensors along a dimension; <c>[N]</c> counts as a column <c>[N,1]</c> along dimension 1.</summary>
/// <param name="From">What it reads.</param>
/// <param name="Axis">The dimension. Default 1.</param>
public sealed record ConcatBody(IReadOnlyList<string> From, int Axis) : TransformBody(From);

/// <summary>Joins tensors of one shape along a new dimension.</summary>
/// <param name="From">What it reads.</param>
/// <param name="Axis">Where the new dimension comes. Default 1.</param>
public sealed record StackBody(IReadOnlyList<string> From, int Axis) : TransformBody(From);

/// <summary>Gives the same elements another shape, over the same memory.</summary>
/// <param name="Source">What it reads.</param>
/// <param name="Shape">The shape; one size may be -1 and follows from the others.</param>
public sealed record ReshapeBody(string Source, IReadOnlyList<long> Shape) : TransformBody([Source]);

/// <summary>Gives elements another type. Fractions are cut towards zero; what does not fit fails rather than wraps around.</summary>
/// <param name="Source">What it reads.</param>
/// <param name="To">The type.</param>
public sealed record CastBody(string Source, TensorDataType To) : TransformBody([Source]);

/// <summary>Subtracts and divides, the last dimension by its own figures: <c>(x - subtract) / divide</c>. FP32, or FP64 for FP64.</summary>
/// <param name="Source">What it reads.</param>
/// <param name="Subtract">One figure, or one for each place of the last dimension.</param>
/// <param name="Divide">As many; none is 0.</param>
public sealed record ScaleBody(string Source, IReadOnlyList<double> Subtract, IReadOnlyList<double> Divide) : TransformBody([Source]);

/// <summary>1 at the place of each value's category, 0 elsewhere: <c>[N]</c> or <c>[N,1]</c> to FP32 <c>[N, categories]</c>.</summary>
/// <param name="Source">What it reads: texts or whole numbers.</param>
/// <param name="Categories">The categories in order.</param>
/// <param name="RefuseUnknown">Whether a value of no category fails; otherwise its row is 0.</param>
public sealed record OneHotBody(string Source, IReadOnlyList<string> Categories, bool RefuseUnknown) : TransformBody([Source]);

/// <summary>Looks values up in a table.</summary>
/// <param name="Source">What it reads: texts or whole numbers.</param>
/// <param name="Table">Values and what they become.</param>
/// <param name="To">Type of what they become: BYTES, INT64 or FP64.</param>
/// <param name="Otherwise">What all others become; null: they fail.</param>
public sealed record LookupBody(string Source, IReadOnlyDictionary<string, string> Table, TensorDataType To, string? Otherwise) : TransformBody([Source]);

/// <summary>The place of the largest number along the last dimension, as INT64; the first of equal ones, NaN last.</summary>
/// <param name="Source">What it reads.</param>
public sealed record ArgMaxBody(string Source) : TransformBody([Source]);

/// <summary>The largest numbers along the last dimension, largest first, as <c>values</c>, and their places as INT64 <c>indices</c>.</summary>
/// <param name="Source">What it reads.</param>
/// <param name="Count">How many.</param>
public sealed record TopKBody(string Source, int Count) : TransformBody([Source]);

/// <summary>Whether each number is above a limit, as BOOL; NaN is not.</summary>
/// <param name="Source">What it reads.</param>
/// <param name="Above">The limit.</param>
public sealed record ThresholdBody(string Source, double Above) : TransformBody([Source]);

/// <summary>Averages tensors of one shape. FP32, or FP64 when one of them is.</summary>
/// <param name="From">What it reads.</param>
/// <param name="Weights">Weights above 0, as many; empty: all the same.</param>
public sealed record AverageBody(IReadOnlyList<string> From, IReadOnlyList<double> Weights) : TransformBody(From);

/// <summary>The value that most of some tensors of one type and shape have; among equally many, that of the tensor named first.</summary>
/// <param name="From">What it reads: texts, truths or whole numbers.</param>
/// <param name="Weights">Weights above 0, as many; empty: all the same.</param>
public sealed record VoteBody(IReadOnlyList<string> From, IReadOnlyList<double> Weights) : TransformBody(From);

/// <summary>Decodes image files, PNG or JPEG, as bytes or base64 text. UINT8 <c>[N,C,H,W]</c> or <c>[N,H,W,C]</c>, FP32 when they are mixed to one size; without a size all have the same.</summary>
/// <param name="Source">What it reads: BYTES <c>[N]</c> or <c>[N,1]</c>, a file each.</param>
/// <param name="Channels">3 (red, green, blue) or 1 (grey).</param>
/// <param name="ChannelsFirst">Whether the layout is <c>[N,C,H,W]</c>.</param>
/// <param name="Sizing">The size that all get; null: their own.</param>
public sealed record DecodeImageBody(string Source, int Channels, bool ChannelsFirst, ImageSizing? Sizing) : TransformBody([Source])
{
    /// <summary>Most pixels that a file may have by default: 32 Mi.</summary>
    public const long DefaultMaxPixels = 32L << 20;

    /// <summary>Most pixels that a file may have; larger ones are refused before anything is allocated for them.</summary>
    public long MaxPixels { get; init; } = DefaultMaxPixels;
}

/// <summary>Gives decoded images another size. FP32 when pixels are mixed, otherwise their own type.</summary>
/// <param name="Source">What it reads: <c>[N,H,W,C]</c> or <c>[N,C,H,W]</c>.</param>
/// <param name="Sizing">The size.</param>
/// <param name="ChannelsFirst">Whether the layout is <c>[N,C,H,W]</c>.</param>
public sealed record ResizeBody(string Source, ImageSizing Sizing, bool ChannelsFirst) : TransformBody([Source]);

/// <summary>Normalises decoded images: <c>(x · scale - mean) / deviation</c>, each channel by its own figures, as FP32.</summary>
/// <param name="Source">What it reads: <c>[N,H,W,C]</c> or <c>[N,C,H,W]</c>.</param>
/// <param name="Scale">Taken times every value first; 1/255 brings bytes to 0…1.</param>
/// <param name="Mean">One figure, or one for each channel.</param>
/// <param name="Deviation">As many; none is 0.</param>
/// <param name="ChannelsFirst">Whether the layout is <c>[N,C,H,W]</c>.</param>
public sealed record NormalizeBody(string Source, double Scale, IReadOnlyList<double> Mean, IReadOnlyList<double> Deviation, bool ChannelsFirst) : TransformBody([Source]);
