namespace Slipway.Sklearn.Pickle;

/// <summary>
/// joblib's array payloads: raw bytes that follow the BUILD of a wrapper object, outside the opcode stream, padded so that they could be mapped
/// (joblib's <c>numpy_pickle</c>, versions 0.10 and later).
/// </summary>
internal static class JoblibArrays
{
    /// <summary>Class of the wrapper.</summary>
    public const string WrapperName = "joblib.numpy_pickle.NumpyArrayWrapper";

    /// <summary>Reads the payload of <paramref name="wrapper"/> at the cursor.</summary>
    /// <param name="wrapper">The wrapper with its state applied.</param>
    /// <param name="cursor">Behind the BUILD opcode; moved behind the payload.</param>
    /// <param name="readNested">Reads a complete pickle at the cursor (arrays of objects).</param>
    public static object? ReadPayload(PickleObject wrapper, PickleCursor cursor, Func<object?> readNested)
    {
        if (wrapper["shape"] is not PickleTuple dimensions || wrapper["dtype"] is not NumpyDtype type)
        {
            throw PickleException.At(cursor.Position, "a joblib array lacks its shape or dtype");
        }

        if (type.HasObjects)
        {
            return readNested();
        }

        long[] shape = PickleReducer.ShapeOf(dimensions, cursor.Position);
        if (wrapper["numpy_array_alignment_bytes"] is not null)
        {
            cursor.Take(cursor.ReadByte()); // padding up to the next multiple of 16
        }

        long bytes = type.Size;
        foreach (long size in shape)
        {
            bytes *= size;
        }

        int position = cursor.Position;
        return PickleReducer.Checked(type, shape, wrapper["order"] is "F", cursor.Take((ulong)bytes), position);
    }
}
