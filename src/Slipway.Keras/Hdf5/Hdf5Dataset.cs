using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Slipway.Keras.Hdf5;

/// <summary>An array in a file.</summary>
internal sealed class Hdf5Dataset
{
    private readonly Hdf5File _file;
    private readonly Hdf5Object _owner;
    private readonly ObjectHeader _header;

    private Hdf5Dataset(Hdf5File file, Hdf5Object owner, ObjectHeader header)
    {
        (_file, _owner, _header) = (file, owner, header);
        string path = owner.Path;
        Type = Datatype.Read(file.Image, header.Find(MessageType.Datatype) ?? throw Hdf5Fault.Damaged($"data set '{path}' has no type"));
        Dimensions = Dataspace.Read(file.Image, header.Find(MessageType.Dataspace) ?? throw Hdf5Fault.Damaged($"data set '{path}' has no shape"));
        if (Dataspace.CountOf(Dimensions) > int.MaxValue / Type.Size)
        {
            throw Hdf5Fault.NotSupported($"a data set '{path}' of 2 GiB or more");
        }
    }

    /// <summary>Names from the root.</summary>
    public string Path => _owner.Path;

    /// <summary>Type of an element.</summary>
    public Datatype Type { get; }

    /// <summary>The shape; empty for a scalar.</summary>
    public long[] Dimensions { get; }

    /// <summary>Number of elements.</summary>
    public int Count => (int)Dataspace.CountOf(Dimensions);

    internal static Hdf5Dataset Read(Hdf5File file, Hdf5Object owner, ObjectHeader header) => new(file, owner, header);

    /// <summary>The elements as they are in the file, row by row.</summary>
    public ReadOnlyMemory<byte> ReadBytes()
    {
        if (_header.Find(MessageType.ExternalFiles) is not null)
        {
            throw Hdf5Fault.NotSupported($"a data set '{Path}' whose data is in another file");
        }

        return DatasetReader.Read(_file.Image, _header, Path, Type.Size, Dimensions);
    }

    /// <summary>The elements as binary32 in little-endian order; a view of the file where they lie there so.</summary>
    /// <exception cref="Core.SlipwayException">They are no numbers.</exception>
    public ReadOnlyMemory<byte> ReadSingles()
    {
        ReadOnlyMemory<byte> data = ReadBytes();
        bool opaqueBrain = Type is { Kind: DatatypeKind.Opaque, Size: 2 } && _owner.Text("dtype") == "bfloat16";
        if (Type is { Kind: DatatypeKind.Float, Size: 4, IsBigEndian: false })
        {
            return data;
        }

        _file.Image.SpendDecoded(4L * Count);
        float[] values = new float[Count];
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<byte> element = data.Span.Slice(i * Type.Size, Type.Size);
            values[i] = opaqueBrain ? BrainFloat(BinaryPrimitives.ReadUInt16LittleEndian(element)) : (float)Number(element);
        }

        return Bytes(values);
    }

    /// <summary>The elements as 64-bit integers.</summary>
    public long[] ReadIntegers()
    {
        ReadOnlyMemory<byte> data = ReadBytes();
        _file.Image.SpendDecoded(8L * Count);
        long[] values = new long[Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (long)Number(data.Span.Slice(i * Type.Size, Type.Size));
        }

        return values;
    }

    /// <summary>The elements as text.</summary>
    public string[] ReadTexts() => TextValues.Read(_file.Image, _file.Heap, Type, ReadBytes(), $"data set '{Path}'");

    private static float BrainFloat(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    private static byte[] Bytes(float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private double Number(ReadOnlySpan<byte> element)
    {
        Span<byte> ordered = stackalloc byte[8];
        ordered.Clear();
        element.CopyTo(ordered);
        if (Type.IsBigEndian)
        {
            ordered[..element.Length].Reverse();
        }

        ulong bits = BinaryPrimitives.ReadUInt64LittleEndian(ordered);
        int unused = 64 - (8 * Type.Size);
        return Type switch
        {
            { Kind: DatatypeKind.Float, IsBrain: true } => BrainFloat((ushort)bits),
            { Kind: DatatypeKind.Float, Size: 2 } => (double)BitConverter.UInt16BitsToHalf((ushort)bits),
            { Kind: DatatypeKind.Float, Size: 4 } => BitConverter.UInt32BitsToSingle((uint)bits),
            { Kind: DatatypeKind.Float } => BitConverter.UInt64BitsToDouble(bits),
            { Kind: DatatypeKind.Unsigned } => bits,
            { Kind: DatatypeKind.Signed } => (long)(bits << unused) >> unused,
            _ => throw Hdf5Fault.Damaged($"data set '{Path}' does not hold numbers"),
        };
    }
}
