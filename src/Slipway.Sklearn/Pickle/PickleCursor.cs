using System.Buffers.Binary;
using System.Text;

namespace Slipway.Sklearn.Pickle;

/// <summary>Position in the uncompressed stream; every read is checked against what is left before anything is allocated.</summary>
internal sealed class PickleCursor(ReadOnlyMemory<byte> data)
{
    // Python writes lone surrogates into UTF-8; as replacement characters they are harmless here.
    private static readonly UTF8Encoding Utf8 = new(false, false);

    /// <summary>Offset of the next byte.</summary>
    public int Position { get; set; }

    /// <summary>Bytes left.</summary>
    public int Remaining => data.Length - Position;

    public byte ReadByte() => Take(1).Span[0];

    public ReadOnlyMemory<byte> Take(ulong length)
    {
        if (length > (ulong)Remaining)
        {
            throw PickleException.At(Position, $"{length} bytes are announced, {Remaining} are left");
        }

        ReadOnlyMemory<byte> part = data.Slice(Position, (int)length);
        Position += (int)length;
        return part;
    }

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2).Span);

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4).Span);

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4).Span);

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8).Span);

    public double ReadDoubleBigEndian() => BinaryPrimitives.ReadDoubleBigEndian(Take(8).Span);

    public ReadOnlyMemory<byte> TakeSigned(int length) =>
        length >= 0 ? Take((ulong)length) : throw PickleException.At(Position, $"a length is negative: {length}");

    public string ReadText(ulong length) => Utf8.GetString(Take(length).Span);

    /// <summary>Text up to the next line feed, which is consumed and not part of it.</summary>
    public ReadOnlyMemory<byte> ReadLine()
    {
        int end = data.Span[Position..].IndexOf((byte)'\n');
        if (end < 0)
        {
            throw PickleException.At(Position, "a line has no end");
        }

        ReadOnlyMemory<byte> line = data.Slice(Position, end);
        Position += end + 1;
        return line;
    }
}
