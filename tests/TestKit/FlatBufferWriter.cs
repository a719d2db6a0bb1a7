using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Slipway.TestKit;

/// <summary>Writes FlatBuffers messages for tests, plainly: a table's layout before the table, and what it refers to behind it.</summary>
public sealed class FlatBufferWriter
{
    private readonly List<byte> _bytes = [];

    /// <summary>A message with the given root table.</summary>
    public static byte[] Write(FlatPart root)
    {
        FlatBufferWriter writer = new();
        writer.Reserve(0);
        writer.Point(0, root(writer));
        return [.. writer._bytes];
    }

    /// <summary>A table. Fields are a part that is referred to, or a number that stands in it: <see cref="int"/>, <see cref="double"/>, <see cref="byte"/>.</summary>
    public static FlatPart Table(params (int Field, object Value)[] fields) => writer =>
    {
        int places = fields.Select(static field => field.Field + 1).DefaultIfEmpty().Max();
        writer.Align();
        int layout = writer._bytes.Count;
        writer._bytes.AddRange(new byte[4 + (2 * places)]);
        writer.Align();
        int table = writer._bytes.Count;
        writer._bytes.AddRange(new byte[8 + (8 * fields.Length)]);
        writer.Put(table, table - layout);
        writer.PutShort(layout, 4 + (2 * places));
        writer.PutShort(layout + 2, 8 + (8 * fields.Length));
        foreach ((int index, (int field, object value)) in fields.Index())
        {
            int place = table + 8 + (8 * index);
            writer.PutShort(layout + 4 + (2 * field), place - table);
            switch (value)
            {
                case int number:
                    writer.Put(place, number);
                    break;
                case double number:
                    BinaryPrimitives.WriteDoubleLittleEndian(CollectionsMarshal.AsSpan(writer._bytes)[place..], number);
                    break;
                case byte number:
                    writer._bytes[place] = number;
                    break;
                default:
                    writer.Point(place, ((FlatPart)value)(writer));
                    break;
            }
        }

        return table;
    };

    /// <summary>Text.</summary>
    public static FlatPart Text(string text) => writer => writer.Vector(Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetByteCount(text));

    /// <summary>Numbers.</summary>
    public static FlatPart Numbers<T>(params T[] numbers)
        where T : unmanaged => writer => writer.Vector(MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray(), numbers.Length);

    /// <summary>Parts one after the other.</summary>
    public static FlatPart Vector(params FlatPart[] parts) => writer =>
    {
        int vector = writer.Vector(new byte[4 * parts.Length], parts.Length);
        foreach ((int index, FlatPart part) in parts.Index())
        {
            writer.Point(vector + 4 + (4 * index), part(writer));
        }

        return vector;
    };

    private int Vector(byte[] elements, int count)
    {
        Align();
        Reserve(4); // elements of 8 bytes are aligned, too
        int vector = _bytes.Count;
        _bytes.AddRange(new byte[4]);
        Put(vector, count);
        _bytes.AddRange(elements);
        return vector;
    }

    private void Reserve(int bytes) => _bytes.AddRange(new byte[_bytes.Count == 0 ? 8 : bytes]);

    private void Align() => _bytes.AddRange(new byte[(8 - (_bytes.Count % 8)) % 8]);

    private void Point(int place, int target) => Put(place, target - place);

    private void Put(int place, int number) => BinaryPrimitives.WriteInt32LittleEndian(CollectionsMarshal.AsSpan(_bytes)[place..], number);

    private void PutShort(int place, int number) => BinaryPrimitives.WriteUInt16LittleEndian(CollectionsMarshal.AsSpan(_bytes)[place..], (ushort)number);
}

/// <summary>A part of a message; gives its place when it is written.</summary>
public delegate int FlatPart(FlatBufferWriter writer);
