using System.Buffers.Binary;
using Slipway.Core;

namespace Slipway.Formats.Compression;

/// <summary>Reads a compressed file; its end inside something is an error like any other damage.</summary>
internal ref struct PackedReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Offset of the next byte.</summary>
    public int Position { get; private set; }

    /// <summary>Bytes left.</summary>
    public readonly int Remaining => _bytes.Length - Position;

    /// <summary>What is left, not consumed.</summary>
    public readonly ReadOnlySpan<byte> Rest => _bytes[Position..];

    /// <summary>What has been read since <paramref name="start"/>.</summary>
    public readonly ReadOnlySpan<byte> Since(int start) => _bytes[start..Position];

    public byte ReadByte() => Take(1)[0];

    public ushort ReadUInt16BigEndian() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > Remaining)
        {
            throw Damaged("it ends too early");
        }

        ReadOnlySpan<byte> part = _bytes.Slice(Position, (int)count);
        Position += (int)count;
        return part;
    }

    /// <summary>The error for a file that is not what its first bytes say.</summary>
    public static SlipwayException Damaged(string why) => new(ErrorCode.InvalidModel, $"the compressed file is damaged: {why}");
}
