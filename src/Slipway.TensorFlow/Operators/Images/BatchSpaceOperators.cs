using Slipway.Core;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Operators.Shapes;

namespace Slipway.TensorFlow.Operators.Images;

/// <summary>Pixels dealt out over the batch and gathered again.</summary>
internal static class BatchSpaceOperators
{
    public static IEnumerable<KnownOperator> All { get; } =
    [
        new("SpaceToBatchND", SpaceToBatch),
        KnownOperator.Of("BatchToSpaceND", BatchToSpace),
        new("SpaceToBatch", SpaceToBatch),
        KnownOperator.Of("BatchToSpace", BatchToSpace),
    ];

    private static IReadOnlyList<Value> SpaceToBatch(OperatorCall call)
    {
        Term value = call.Tensor(0);
        (long[] block, long[] begin, long[] end) = Settings(call, "paddings");
        return [new SpaceToBatchValue(value, block, begin, end, () => Deal(call.Draft, value, block, begin, end))];
    }

    private static Term BatchToSpace(OperatorCall call)
    {
        (long[] block, long[] before, long[] after) = Settings(call, "crops");
        if (call.Inputs[0] is DilatedValue dilated && dilated.Block.AsSpan().SequenceEqual(block) && dilated.Gather(before, after) is { } convolved)
        {
            return convolved;
        }

        return Collect(call.Draft, call.Tensor(0), block, before, after);
    }

    private static (long[] Block, long[] Begin, long[] End) Settings(OperatorCall call, string what)
    {
        // The older form has one number for both dimensions of an image.
        bool isOld = call.Operation is "SpaceToBatch" or "BatchToSpace";
        long size = call.Attribute("block_size", 2L);
        long[] block = isOld ? [size, size] : call.Integers(1, "block shape");
        long[] pairs = call.Integers(isOld ? 1 : 2, what);
        return pairs.Length == 2 * block.Length && Array.TrueForAll(block, static edge => edge > 0)
            ? (block, [.. pairs.Where((_, i) => i % 2 == 0)], [.. pairs.Where((_, i) => i % 2 == 1)])
            : throw new SlipwayException(ErrorCode.InvalidModel, $"its {what} do not fit its block shape");
    }

    // [N, H, W, …] with blocks b, c: [N, H/b, b, W/c, c, …] to [b, c, N, H/b, W/c, …], the first three taken together.
    private static Term Deal(Draft draft, Term value, long[] block, long[] begin, long[] end)
    {
        int rank = OperatorCall.Rank(value);
        int count = block.Length;
        Term padded = PadOperators.Constant(draft, value, [0, .. begin, .. new long[rank - count - 1]], [0, .. end, .. new long[rank - count - 1]], null);
        long[] sizes = Known(padded, rank);
        long[] split = [sizes[0], .. Enumerable.Range(0, count).SelectMany(i => new[] { sizes[i + 1] / block[i], block[i] }), .. sizes[(count + 1)..]];
        long[] order =
        [
            .. Enumerable.Range(0, count).Select(static i => (2L * i) + 2), 0, .. Enumerable.Range(0, count).Select(static i => (2L * i) + 1),
            .. Enumerable.Range((2 * count) + 1, rank - count - 1).Select(static i => (long)i),
        ];
        long[] joined = [-1, .. Enumerable.Range(0, count).Select(i => sizes[i + 1] / block[i]), .. sizes[(count + 1)..]];
        return draft.Reshape(draft.Transpose(draft.Reshape(padded, split), order), joined);
    }

    private static Term Collect(Draft draft, Term value, long[] block, long[] before, long[] after)
    {
        int rank = OperatorCall.Rank(value);
        int count = block.Length;
        long[] sizes = Known(value, rank);
        long[] split = [.. block, -1, .. sizes[1..]];
        long[] order =
        [
            count, .. Enumerable.Range(0, count).SelectMany(i => new long[] { count + 1 + i, i }), .. Enumerable.Range((2 * count) + 1, rank - count - 1).Select(static i => (long)i),
        ];
        long[] joined = [-1, .. Enumerable.Range(0, count).Select(i => sizes[i + 1] * block[i]), .. sizes[(count + 1)..]];
        Term whole = draft.Reshape(draft.Transpose(draft.Reshape(value, split), order), joined);
        return draft.Slice(whole, [.. Enumerable.Range(0, count).Select(i => new SliceRange(i + 1, before[i], joined[i + 1] - after[i], 1))]);
    }

    private static long[] Known(Term value, int rank)
    {
        long[] sizes = value.Shape.ToArray();
        return sizes.Length == rank && Array.TrueForAll(sizes[1..], static size => size >= 0)
            ? sizes
            : throw OperatorCall.NotSupported($"sizes of {value.Shape} beside the batch must be known at conversion");
    }
}
