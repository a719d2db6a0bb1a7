using System.Text;

namespace Slipway.Keras.Hdf5;

/// <summary>A named value of an object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Type of its elements.</param>
/// <param name="Dimensions">Its shape.</param>
/// <param name="Data">Its elements.</param>
internal sealed record Hdf5Attribute(string Name, Datatype Type, long[] Dimensions, ReadOnlyMemory<byte> Data)
{
    /// <summary>Reads an attribute message, versions 1 to 3.</summary>
    public static Hdf5Attribute Read(Hdf5Image image, ReadOnlyMemory<byte> message)
    {
        image.Step();
        Hdf5Cursor cursor = image.Read(message, "an attribute");
        int version = cursor.U8();
        byte flags = cursor.U8();
        if (version is < 1 or > 3 || (version > 1 && (flags & 3) != 0))
        {
            throw Hdf5Fault.NotSupported($"an attribute of version {version} with shared parts");
        }

        int nameSize = cursor.U16();
        int typeSize = cursor.U16();
        int spaceSize = cursor.U16();
        cursor.Skip(version == 3 ? 1 : 0); // character set of the name
        int padding = version == 1 ? 7 : 0;
        ReadOnlySpan<byte> name = cursor.Take((nameSize + padding) & ~padding)[..nameSize];
        int typeStart = cursor.Position;
        cursor.Skip((typeSize + padding) & ~padding);
        int spaceStart = cursor.Position;
        cursor.Skip((spaceSize + padding) & ~padding);
        Datatype type = Datatype.Read(image, message.Slice(typeStart, typeSize));
        long[] dimensions = Dataspace.Read(image, message.Slice(spaceStart, spaceSize));
        long count = Dataspace.CountOf(dimensions);
        if (count > cursor.Remaining / type.Size)
        {
            throw Hdf5Fault.Damaged("an attribute is larger than the message that holds it");
        }

        int start = cursor.Position;
        return new Hdf5Attribute(TextValues.Fixed(name), type, dimensions, message.Slice(start, (int)count * type.Size));
    }

    /// <summary>All attributes of an object, by name.</summary>
    public static Dictionary<string, Hdf5Attribute> ReadAll(Hdf5Image image, ObjectHeader header)
    {
        Dictionary<string, Hdf5Attribute> attributes = new(StringComparer.Ordinal);
        foreach (ReadOnlyMemory<byte> message in header.All(MessageType.Attribute))
        {
            Hdf5Attribute attribute = Read(image, message);
            attributes.TryAdd(attribute.Name, attribute);
        }

        if (header.Find(MessageType.AttributeInfo) is { } info)
        {
            Hdf5Cursor cursor = image.Read(info, "an attribute info message");
            cursor.Skip(1);
            cursor.Skip((cursor.U8() & 1) != 0 ? 2 : 0);
            ulong heapAddress = cursor.Address();
            ulong treeAddress = cursor.Address();
            if (heapAddress != Hdf5Image.Undefined && treeAddress != Hdf5Image.Undefined)
            {
                FractalHeap heap = FractalHeap.Read(image, heapAddress);
                foreach (ReadOnlyMemory<byte> record in BTree2.Read(image, treeAddress, 8))
                {
                    Hdf5Attribute attribute = Read(image, heap.Find(record)); // the record begins with the heap's id
                    attributes.TryAdd(attribute.Name, attribute);
                }
            }
        }

        return attributes;
    }
}

/// <summary>Text as HDF5 stores it.</summary>
internal static class TextValues
{
    /// <summary>Text that is padded with zero bytes or spaces up to its size.</summary>
    public static string Fixed(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    /// <summary>All values of text data, fixed or in the heap.</summary>
    /// <exception cref="Core.SlipwayException">The elements are no text.</exception>
    public static string[] Read(Hdf5Image image, GlobalHeap heap, Datatype type, ReadOnlyMemory<byte> data, string what)
    {
        string[] values = new string[data.Length / type.Size];
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlyMemory<byte> element = data.Slice(i * type.Size, type.Size);
            values[i] = type.Kind switch
            {
                DatatypeKind.FixedText => Fixed(element.Span),
                DatatypeKind.HeapText => InHeap(image, heap, element),
                _ => throw Hdf5Fault.Damaged($"{what} is no text"),
            };
        }

        return values;
    }

    private static string InHeap(Hdf5Image image, GlobalHeap heap, ReadOnlyMemory<byte> element)
    {
        Hdf5Cursor cursor = image.Read(element, "text in the heap");
        uint length = cursor.U32();
        ulong collection = cursor.Address();
        uint index = cursor.U32();
        if (length == 0)
        {
            return "";
        }

        image.SpendDecoded(length);
        ReadOnlyMemory<byte> value = heap.Find(collection, index);
        return Fixed(value.Span[..(int)Math.Min(length, value.Length)]);
    }
}
