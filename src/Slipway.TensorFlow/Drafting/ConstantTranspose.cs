using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Drafting;

/// <summary>Reorders the dimensions of constants, so that weights lie in the file as the engine wants them.</summary>
internal static class ConstantTranspose
{
    /// <summary>The same values with dimension <c>order[i]</c> at place i.</summary>
    public static TensorData Apply(TensorData data, ReadOnlySpan<long> order)
    {
        int rank = order.Length;
        long[] source = data.Shape.ToArray();
        long[] strides = new long[rank];
        for (long i = rank - 1, stride = 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= source[i];
        }

        long[] shape = new long[rank];
        long[] steps = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            shape[i] = source[order[i]];
            steps[i] = strides[order[i]];
        }

        int[] indices = Indices(shape, steps);
        if (data.Strings is { } strings)
        {
            return new TensorData(new PartialShape(shape), [.. indices.Select(index => strings[index])]);
        }

        return new TensorData(data.Type, new PartialShape(shape), data.Type.ByteLength() switch
        {
            1 => Pick<byte>(data.Raw.Span, indices),
            2 => Pick<ushort>(data.Raw.Span, indices),
            4 => Pick<uint>(data.Raw.Span, indices),
            _ => Pick<ulong>(data.Raw.Span, indices),
        });
    }

    private static int[] Indices(long[] shape, long[] steps)
    {
        long count = 1;
        foreach (long size in shape)
        {
            count *= size;
        }

        int[] indices = new int[count];
        long[] at = new long[shape.Length];
        long position = 0;
        for (int i = 0; i < indices.Length; i++)
        {
            indices[i] = (int)position;
            for (int d = shape.Length - 1; d >= 0; d--)
            {
                position += steps[d];
                if (++at[d] < shape[d])
                {
                    break;
                }

                position -= steps[d] * shape[d];
                at[d] = 0;
            }
        }

        return indices;
    }

    private static byte[] Pick<T>(ReadOnlySpan<byte> raw, int[] indices)
        where T : unmanaged
    {
        ReadOnlySpan<T> source = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(raw);
        byte[] result = new byte[raw.Length];
        Span<T> target = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(result.AsSpan());
        for (int i = 0; i < indices.Length; i++)
        {
            target[i] = source[indices[i]];
        }

        return result;
    }
}
