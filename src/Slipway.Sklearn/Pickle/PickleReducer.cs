using System.Text;

namespace Slipway.Sklearn.Pickle;

/// <summary>
/// Gives meaning to the few calls that stand for plain values: arrays, dtypes, NumPy scalars, bytes, containers. Everything else stays an inert <see cref="PickleObject"/>.
/// </summary>
internal static class PickleReducer
{
    private const string Reconstruct = "_reconstruct";

    /// <summary>The value of calling <paramref name="callable"/> with <paramref name="arguments"/>, without calling it.</summary>
    public static object? Reduce(PickleGlobal callable, PickleTuple arguments, long position)
    {
        if (callable.Module is "numpy.core.multiarray" or "numpy._core.multiarray" && callable.Name == "scalar")
        {
            return ScalarOf(arguments, position);
        }

        if (callable.Module is "numpy.core.numeric" or "numpy._core.numeric" && callable.Name == "_frombuffer")
        {
            return FromBuffer(arguments, position);
        }

        return (callable.FullName, arguments.Items) switch
        {
            ("numpy.dtype", [string spec, ..]) =>
                NumpyDtype.Parse(spec) ?? throw PickleException.At(position, $"dtype '{Shorten(spec)}' is not supported"),
            ("_codecs.encode", [string text, ..]) => new PickleBytes(Encoding.Latin1.GetBytes(text)),
            ("builtins.bytes" or "builtins.bytearray", []) => new PickleBytes(ReadOnlyMemory<byte>.Empty),
            ("builtins.bytearray" or "builtins.bytes", [PickleBytes bytes]) => bytes,
            ("builtins.bytearray", [string text, ..]) => new PickleBytes(Encoding.Latin1.GetBytes(text)),
            ("builtins.set" or "builtins.frozenset", []) => new PickleSet(),
            ("builtins.set" or "builtins.frozenset", [PickleList list]) => SetOf(list),
            ("builtins.list", []) => new PickleList(),
            ("builtins.list", [PickleList list]) => list,
            ("builtins.dict" or "collections.OrderedDict", []) => new PickleDict(),
            ("collections.OrderedDict", [PickleList pairs]) => DictOf(pairs, position),
            ("copyreg._reconstructor", [PickleGlobal type, PickleGlobal { FullName: "builtins.dict" }, PickleDict entries]) =>
                new PickleObject(type, PickleTuple.Empty) { Entries = entries },
            ("copyreg._reconstructor" or "copyreg.__newobj__", [PickleGlobal type, ..]) => new PickleObject(type, new PickleTuple(arguments.Items[1..])),
            _ => new PickleObject(callable, arguments),
        };
    }

    /// <summary>Whether the object is an array that BUILD has yet to fill.</summary>
    public static bool IsArrayShell(PickleObject target) =>
        target.Type.Name == Reconstruct && target.Type.Module is "numpy.core.multiarray" or "numpy._core.multiarray";

    /// <summary>The array of a filled shell: state (version, shape, dtype, is Fortran, bytes or list).</summary>
    public static NumpyArray ArrayOf(PickleObject shell, long position)
    {
        if (shell.State is not PickleTuple { Count: 5 } state || state[1] is not PickleTuple dimensions || state[2] is not NumpyDtype type || state[3] is not bool fortran)
        {
            throw PickleException.At(position, "the state of an array is not understood");
        }

        return state[4] switch
        {
            PickleBytes bytes => Checked(type, ShapeOf(dimensions, position), fortran, bytes.Value, position),
            string text => Checked(type, ShapeOf(dimensions, position), fortran, Encoding.Latin1.GetBytes(text), position),
            PickleList list => CheckedObjects(type, ShapeOf(dimensions, position), fortran, list.Items, position),
            _ => throw PickleException.At(position, "the data of an array is missing"),
        };
    }

    /// <summary>Dimensions out of a tuple of integers, each 0 or more, with a product below 2³¹.</summary>
    public static long[] ShapeOf(PickleTuple dimensions, long position)
    {
        if (dimensions.Count > 32)
        {
            throw PickleException.At(position, "an array has more than 32 dimensions");
        }

        long[] shape = new long[dimensions.Count];
        long product = 1;
        for (int i = 0; i < shape.Length; i++)
        {
            if (!PickleNumbers.TryToInt64(dimensions[i], out shape[i]) || shape[i] < 0 || shape[i] > int.MaxValue || (product *= Math.Max(1, shape[i])) > int.MaxValue)
            {
                throw PickleException.At(position, "the shape of an array is out of range");
            }
        }

        return shape;
    }

    /// <summary>An array whose bytes are as many as its shape says.</summary>
    public static NumpyArray Checked(NumpyDtype type, long[] shape, bool fortran, ReadOnlyMemory<byte> data, long position)
    {
        long elements = 1;
        foreach (long size in shape)
        {
            elements *= size;
        }

        if (type.HasObjects || elements * type.Size != data.Length)
        {
            throw PickleException.At(position, $"an array of {elements} × {type} has {data.Length} bytes");
        }

        return new NumpyArray(type, shape, fortran, data);
    }

    private static NumpyArray CheckedObjects(NumpyDtype type, long[] shape, bool fortran, List<object?> objects, long position)
    {
        long elements = 1;
        foreach (long size in shape)
        {
            elements *= size;
        }

        return elements == objects.Count
            ? new NumpyArray(type, shape, fortran, objects)
            : throw PickleException.At(position, $"an array of {elements} objects has {objects.Count}");
    }

    private static object? ScalarOf(PickleTuple arguments, long position) => arguments.Items switch
    {
        [NumpyDtype type, PickleBytes bytes] => Checked(type, [], false, bytes.Value, position),
        [NumpyDtype type, string text] => Checked(type, [], false, Encoding.Latin1.GetBytes(text), position),
        [NumpyDtype { Kind: 'O' }, var value] => value,
        _ => throw PickleException.At(position, "a NumPy scalar is not understood"),
    };

    private static NumpyArray FromBuffer(PickleTuple arguments, long position) => arguments.Items switch
    {
        [PickleBytes bytes, NumpyDtype type, PickleTuple dimensions, string order] =>
            Checked(type, ShapeOf(dimensions, position), order == "F", bytes.Value, position),
        _ => throw PickleException.At(position, "the buffer of an array is not understood"),
    };

    private static PickleSet SetOf(PickleList list)
    {
        PickleSet set = new();
        set.Items.AddRange(list.Items);
        return set;
    }

    private static PickleDict DictOf(PickleList pairs, long position)
    {
        PickleDict dict = new();
        foreach (object? item in pairs.Items)
        {
            (object? key, object? value) = item switch
            {
                PickleTuple { Count: 2 } pair => (pair[0], pair[1]),
                PickleList { Items: [var first, var second] } => (first, second),
                _ => throw PickleException.At(position, "a pair is expected"),
            };
            dict.Set(key, value);
        }

        return dict;
    }

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
