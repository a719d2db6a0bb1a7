namespace Slipway.Keras.Hdf5;

/// <summary>The shape of a data set or attribute; null data has no elements.</summary>
internal static class Dataspace
{
    /// <summary>Reads the dimensions; none for a scalar.</summary>
    /// <exception cref="Core.SlipwayException">The number of elements does not fit 63 bits.</exception>
    public static long[] Read(Hdf5Image image, ReadOnlyMemory<byte> message)
    {
        Hdf5Cursor cursor = image.Read(message, "a dataspace");
        int version = cursor.U8();
        int rank = cursor.U8();
        cursor.Skip(1); // flags: maximum dimensions follow, which nobody needs who only reads
        switch (version)
        {
            case 1:
                cursor.Skip(5);
                break;
            case 2:
                if (cursor.U8() == 2)
                {
                    return [0];
                }

                break;
            default:
                throw Hdf5Fault.NotSupported($"a dataspace of version {version}");
        }

        if (rank > Hdf5Limits.Rank)
        {
            throw Hdf5Fault.Damaged($"an array of {rank} dimensions");
        }

        long[] dimensions = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            ulong size = cursor.Length();
            dimensions[i] = size <= long.MaxValue ? (long)size : throw Hdf5Fault.Damaged($"a dimension of {size}");
        }

        CountOf(dimensions);
        return dimensions;
    }

    /// <summary>Number of elements.</summary>
    public static long CountOf(ReadOnlySpan<long> dimensions)
    {
        long count = 1;
        foreach (long dimension in dimensions)
        {
            if (dimension != 0 && count > long.MaxValue / dimension)
            {
                throw Hdf5Fault.Damaged("an array has more elements than can be counted");
            }

            count *= dimension;
        }

        return count;
    }
}
