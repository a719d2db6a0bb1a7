namespace Slipway.Keras.Hdf5;

/// <summary>Kinds of elements that are read.</summary>
internal enum DatatypeKind
{
    /// <summary>Signed integer.</summary>
    Signed,

    /// <summary>Unsigned integer; truth values and other enumerations are these or <see cref="Signed"/>.</summary>
    Unsigned,

    /// <summary>IEEE 754 binary16, binary32 or binary64, or bfloat16.</summary>
    Float,

    /// <summary>Text of a fixed number of bytes.</summary>
    FixedText,

    /// <summary>Text in the global heap.</summary>
    HeapText,

    /// <summary>Bytes without a meaning of their own.</summary>
    Opaque,

    /// <summary>Anything else (compound, array, reference …); the element can't be read.</summary>
    Other,
}

/// <summary>The type of an element.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Size">Bytes of an element.</param>
/// <param name="IsBigEndian">Whether numbers have their most significant byte first.</param>
/// <param name="IsBrain">Whether a float of two bytes is a bfloat16.</param>
internal readonly record struct Datatype(DatatypeKind Kind, int Size, bool IsBigEndian = false, bool IsBrain = false)
{
    /// <summary>Reads a datatype message. Types that can't be read come back as <see cref="DatatypeKind.Other"/>, so that only who needs them fails.</summary>
    public static Datatype Read(Hdf5Image image, ReadOnlyMemory<byte> message)
    {
        Hdf5Cursor cursor = image.Read(message, "a data type");
        return Read(ref cursor, 0);
    }

    private static Datatype Read(ref Hdf5Cursor cursor, int depth)
    {
        byte head = cursor.U8();
        uint bits = (uint)cursor.Unsigned(3);
        uint size = cursor.U32();
        if (size is 0 or > int.MaxValue)
        {
            throw Hdf5Fault.Damaged($"elements of {size} bytes");
        }

        bool bigEndian = (bits & 1) != 0;
        switch (head & 0x0F)
        {
            case 0 when size is 1 or 2 or 4 or 8:
                return new Datatype((bits & 8) != 0 ? DatatypeKind.Signed : DatatypeKind.Unsigned, (int)size, bigEndian);
            case 1 when (bits & 0x40) == 0:
                return ReadFloat(ref cursor, (int)size, bigEndian);
            case 3:
                return new Datatype(DatatypeKind.FixedText, (int)size);
            case 5:
                return new Datatype(DatatypeKind.Opaque, (int)size);
            case 8 when depth == 0:
                return Read(ref cursor, depth + 1) is var element && element.Size == size ? element : throw Hdf5Fault.Damaged("an enumeration of another size than its values");
            case 9 when (bits & 0x0F) == 1:
                return new Datatype(DatatypeKind.HeapText, (int)size);
            default:
                return new Datatype(DatatypeKind.Other, (int)size);
        }
    }

    private static Datatype ReadFloat(ref Hdf5Cursor cursor, int size, bool bigEndian)
    {
        cursor.Skip(2);
        int precision = cursor.U16();
        cursor.Skip(1);
        int exponent = cursor.U8();
        return (size, precision, exponent) switch
        {
            (2, 16, 5) or (4, 32, 8) or (8, 64, 11) => new Datatype(DatatypeKind.Float, size, bigEndian),
            (2, 16, 8) => new Datatype(DatatypeKind.Float, size, bigEndian, IsBrain: true),
            _ => new Datatype(DatatypeKind.Other, size),
        };
    }
}
