using Slipway.Core;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Bundles;

/// <summary>Puts a partitioned variable together, and cuts a slice out of a tensor.</summary>
internal static class SliceAssembler
{
    /// <summary>The whole of a variable that was kept as slices.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when the slices do not cover it.</exception>
    public static TensorData Assemble(string name, BundleEntry entry, IReadOnlyList<(SliceKey Key, TensorData Data)> slices)
    {
        int width = entry.Type.ByteLength();
        long count = entry.Shape.ElementCount();

        // Slices do not overlap, so the bytes at hand bound what the whole may be.
        long available = slices.Sum(static slice => slice.Data.Count);
        if (width == 0 || available != count)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"variable '{name}' {entry.Shape} has slices of {available} elements in all, which is not its size");
        }

        byte[] whole = new byte[count * width];
        foreach ((SliceKey key, TensorData data) in slices)
        {
            if (data.Type != entry.Type || !Fits(entry.Shape, key.Extents, data.Shape))
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"variable '{name}' {entry.Shape} has a slice {data.Shape} that does not fit");
            }

            Copy(entry.Shape, key.Extents, width, whole, data.Raw.ToArray(), intoWhole: true);
        }

        return new TensorData(entry.Type, entry.Shape, whole);
    }

    /// <summary>A part of <paramref name="data"/>.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when it lies outside.</exception>
    public static TensorData Cut(TensorData data, IReadOnlyList<(long Start, long Length)> extents)
    {
        PartialShape shape = ShapeOf(data.Shape, extents);
        if (data.Type.ByteLength() == 0 || !Fits(data.Shape, extents, shape))
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"a slice lies outside of its variable {data.Shape}");
        }

        byte[] part = new byte[shape.ElementCount() * data.Type.ByteLength()];
        Copy(data.Shape, extents, data.Type.ByteLength(), data.Raw.ToArray(), part, intoWhole: false);
        return new TensorData(data.Type, shape, part);
    }

    private static PartialShape ShapeOf(PartialShape whole, IReadOnlyList<(long Start, long Length)> extents) =>
        whole.Rank == extents.Count ? new PartialShape([.. extents.Select((extent, i) => extent.Length < 0 ? whole[i] : extent.Length)]) : PartialShape.Unknown;

    private static bool Fits(PartialShape whole, IReadOnlyList<(long Start, long Length)> extents, PartialShape part)
    {
        if (whole.Rank != extents.Count || part != ShapeOf(whole, extents) || part.Rank == 0)
        {
            return false;
        }

        for (int i = 0; i < extents.Count; i++)
        {
            if (extents[i].Start < 0 || part[i] > whole[i] - extents[i].Start)
            {
                return false;
            }
        }

        return true;
    }

    // Runs along the last dimension are copied at once; the others are counted through like an odometer.
    private static void Copy(PartialShape whole, IReadOnlyList<(long Start, long Length)> extents, int width, byte[] wholeBytes, byte[] partBytes, bool intoWhole)
    {
        PartialShape part = ShapeOf(whole, extents);
        int last = whole.Rank - 1;
        int run = (int)part[last] * width;
        long[] at = new long[whole.Rank];
        for (int offset = 0; offset < partBytes.Length; offset += run)
        {
            long position = 0;
            for (int i = 0; i <= last; i++)
            {
                position = (position * whole[i]) + Math.Max(0, extents[i].Start) + at[i];
            }

            Span<byte> outside = wholeBytes.AsSpan((int)(position * width), run);
            Span<byte> inside = partBytes.AsSpan(offset, run);
            if (intoWhole)
            {
                inside.CopyTo(outside);
            }
            else
            {
                outside.CopyTo(inside);
            }

            for (int i = last - 1; i >= 0 && ++at[i] == part[i]; i--)
            {
                at[i] = 0;
            }
        }
    }
}
