using System.Buffers.Binary;
using System.Text;
using Slipway.Core;

namespace Slipway.Sklearn.Pickle;

/// <summary>
/// A NumPy array: a view of the file's bytes with a dtype, a shape and a memory order, or a list of objects. Accessors give elements in row-major order, converted.
/// </summary>
internal sealed class NumpyArray
{
    /// <summary>An array of plain or structured elements.</summary>
    public NumpyArray(NumpyDtype type, long[] shape, bool isFortran, ReadOnlyMemory<byte> data)
    {
        Type = type;
        Shape = shape;
        IsFortran = isFortran && shape.Length > 1;
        Data = data;
    }

    /// <summary>An array of objects.</summary>
    public NumpyArray(NumpyDtype type, long[] shape, bool isFortran, IReadOnlyList<object?> objects)
        : this(type, shape, isFortran, ReadOnlyMemory<byte>.Empty)
    {
        Objects = objects;
    }

    /// <summary>Element type.</summary>
    public NumpyDtype Type { get; }

    /// <summary>Dimensions; empty for a scalar.</summary>
    public long[] Shape { get; }

    /// <summary>Whether the first index runs fastest.</summary>
    public bool IsFortran { get; }

    /// <summary>The elements' bytes in the array's own order.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>The objects, in the array's own order; null for other dtypes.</summary>
    public IReadOnlyList<object?>? Objects { get; }

    /// <summary>Number of elements.</summary>
    public int Count => Shape.Aggregate(1, static (product, size) => checked(product * (int)size));

    /// <summary>All elements as binary64.</summary>
    /// <exception cref="SlipwayException">The elements are not numbers.</exception>
    public double[] ToDoubles() => Convert(Type, 0, Type.Size, ReaderOfDoubles(Type));

    /// <summary>All elements as 64-bit integers; fractions are an error.</summary>
    public long[] ToInt64s() => Convert(Type, 0, Type.Size, ReaderOfInt64s(Type));

    /// <summary>A field of structured elements as binary64.</summary>
    public double[] FieldDoubles(string name) => Field(name) is var part ? Convert(part.Type, part.Offset, Type.Size, ReaderOfDoubles(part.Type)) : [];

    /// <summary>A field of structured elements as 64-bit integers.</summary>
    public long[] FieldInt64s(string name) => Field(name) is var part ? Convert(part.Type, part.Offset, Type.Size, ReaderOfInt64s(part.Type)) : [];

    /// <summary>Whether structured elements have the field.</summary>
    public bool HasField(string name) => Type.Fields.Any(part => part.Name == name);

    /// <summary>All elements as objects: numbers as <see cref="double"/>, <see cref="long"/> or <see cref="bool"/>, text as <see cref="string"/>, objects as they are.</summary>
    public object?[] ToObjects()
    {
        if (Objects is not null)
        {
            return Reorder([.. Objects]);
        }

        return Type.Kind switch
        {
            'U' => Convert<object?>(Type, 0, Type.Size, static (bytes, big) => DecodeUcs4(bytes, big)),
            'S' => Convert<object?>(Type, 0, Type.Size, static (bytes, _) => Encoding.Latin1.GetString(bytes.TrimEnd((byte)0))),
            'b' => Convert<object?>(Type, 0, Type.Size, static (bytes, _) => bytes[0] != 0),
            'i' or 'u' => [.. ToInt64s().Select(static value => (object?)value)],
            'f' => [.. ToDoubles().Select(static value => (object?)value)],
            _ => throw new SlipwayException(ErrorCode.InvalidModel, $"an array of dtype {Type} cannot be read as values"),
        };
    }

    private NumpyField Field(string name) => Type.Fields.FirstOrDefault(part => part.Name == name)
        ?? throw new SlipwayException(ErrorCode.InvalidModel, $"an array of {Type} has no field '{name}'");

    private T[] Convert<T>(NumpyDtype type, int offset, int stride, ElementReader<T> read)
    {
        if (Objects is not null)
        {
            return ConvertObjects<T>();
        }

        T[] values = new T[Count];
        ReadOnlySpan<byte> bytes = Data.Span;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = read(bytes.Slice((i * stride) + offset, type.Size), type.IsBigEndian);
        }

        return Reorder(values);
    }

    private T[] ConvertObjects<T>()
    {
        T[] values = new T[Objects!.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = PickleNumbers.TryToDouble(Objects[i], out double number)
                ? (T)System.Convert.ChangeType(number, typeof(T), System.Globalization.CultureInfo.InvariantCulture)
                : throw new SlipwayException(ErrorCode.InvalidModel, "an array of objects was found where numbers are expected");
        }

        return Reorder(values);
    }

    private T[] Reorder<T>(T[] values)
    {
        if (!IsFortran || values.Length == 0)
        {
            return values;
        }

        T[] ordered = new T[values.Length];
        int rank = Shape.Length;
        long[] strides = new long[rank];
        long stride = 1;
        for (int axis = 0; axis < rank; axis++)
        {
            strides[axis] = stride;
            stride *= Shape[axis];
        }

        long[] index = new long[rank];
        long source = 0;
        for (int i = 0; i < ordered.Length; i++)
        {
            ordered[i] = values[source];
            for (int axis = rank - 1; axis >= 0; axis--)
            {
                source += strides[axis];
                if (++index[axis] < Shape[axis])
                {
                    break;
                }

                source -= strides[axis] * Shape[axis];
                index[axis] = 0;
            }
        }

        return ordered;
    }

    private static ElementReader<double> ReaderOfDoubles(NumpyDtype type) => (type.Kind, type.Size) switch
    {
        ('f', 8) => static (bytes, big) => big ? BinaryPrimitives.ReadDoubleBigEndian(bytes) : BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        ('f', 4) => static (bytes, big) => big ? BinaryPrimitives.ReadSingleBigEndian(bytes) : BinaryPrimitives.ReadSingleLittleEndian(bytes),
        ('f', 2) => static (bytes, big) => (double)(big ? BinaryPrimitives.ReadHalfBigEndian(bytes) : BinaryPrimitives.ReadHalfLittleEndian(bytes)),
        ('u', 8) => static (bytes, big) => big ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        ('i' or 'u' or 'b', _) => Widen(ReaderOfInt64s(type)),
        ('O', _) => static (_, _) => double.NaN,
        _ => throw new SlipwayException(ErrorCode.InvalidModel, $"an array of dtype {type} was found where numbers are expected"),
    };

    private static ElementReader<double> Widen(ElementReader<long> read) => (bytes, big) => read(bytes, big);

    private static ElementReader<long> ReaderOfInt64s(NumpyDtype type) => (type.Kind, type.Size) switch
    {
        ('b' or 'u', 1) => static (bytes, _) => bytes[0],
        ('i', 1) => static (bytes, _) => (sbyte)bytes[0],
        ('i', 2) => static (bytes, big) => big ? BinaryPrimitives.ReadInt16BigEndian(bytes) : BinaryPrimitives.ReadInt16LittleEndian(bytes),
        ('u', 2) => static (bytes, big) => big ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        ('i', 4) => static (bytes, big) => big ? BinaryPrimitives.ReadInt32BigEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes),
        ('u', 4) => static (bytes, big) => big ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        ('i' or 'u', 8) => static (bytes, big) => big ? BinaryPrimitives.ReadInt64BigEndian(bytes) : BinaryPrimitives.ReadInt64LittleEndian(bytes),
        ('f', _) => Whole(ReaderOfDoubles(type)),
        ('O', _) => static (_, _) => 0,
        _ => throw new SlipwayException(ErrorCode.InvalidModel, $"an array of dtype {type} was found where integers are expected"),
    };

    private static ElementReader<long> Whole(ElementReader<double> read) => (bytes, big) =>
        read(bytes, big) is var value && value == Math.Truncate(value) && Math.Abs(value) < 9.2e18
            ? (long)value
            : throw new SlipwayException(ErrorCode.InvalidModel, "a fraction was found where integers are expected");

    private static string DecodeUcs4(ReadOnlySpan<byte> bytes, bool big)
    {
        string text = (big ? new UTF32Encoding(true, false) : Encoding.UTF32).GetString(bytes);
        return text.TrimEnd('\0');
    }

    private delegate T ElementReader<T>(ReadOnlySpan<byte> bytes, bool big);
}
